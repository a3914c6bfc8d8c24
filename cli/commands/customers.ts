import type { Command } from 'commander'
import { globTest } from '../../shared/lib/glob.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { commandGroup } from '../commandGroup.ts'
import { checkFile } from '../drop/checkFile.ts'
import { type ExitCode, exitCodes, NotFoundError, UsageError } from '../errors.ts'
import type { ListedModel } from '../fleet/planFleet.ts'
import { putModel, removeModel } from '../fleet/putModel.ts'
import type { ListOptions } from '../listing.ts'
import { eachModel } from '../many/eachModel.ts'
import { wholeNumber } from '../numbers.ts'
import { drop } from './drop.ts'

type AddOptions = {
  model: string
  service?: string
  trainingService?: string
  endpoint?: string
  adopt?: boolean
  resourceName?: string
  append?: boolean
  data?: string
  wait?: boolean
}
type ListedOptions = ListOptions & { customers: string }
type RemoveOptions = { model?: string; keepEndpoint?: boolean }

const atOnce = 16
const usual = 40

/** `retrain customers`: who there is, one more, one less. */
export function register(program: Command, run: Run): void {
  const group = commandGroup(program, 'customers', 'customers and their models')
  const list = group
    .command('list', { isDefault: true })
    .description('customers with their models, endpoints and services')
    .option('--customers <pattern>', 'these only, as con*', '*')
    .option('--limit <n>', `so many (${usual}; with --json all)`, wholeNumber(1))
    .option('--all', 'every one')
    .action(run((cli, _args: [], options: ListedOptions) => listModels(cli, options)))
  examples(list, 'customers', 'customers list --customers "con*" --json')
  registerAdd(group, run)
  registerRemove(group, run)
}

function registerAdd(group: Command, run: Run): void {
  const add = group
    .command('add')
    .description(
      'make a customer’s model known: its endpoint is made, its key kept; --data trains the first model',
    )
    .argument('<customer>')
    .requiredOption('--model <name>')
    .option('--service <name>', 'the predictive web service (else the only one)')
    .option('--training-service <name>', 'the training web service (else the only one)')
    .option('--endpoint <name>', 'what the endpoint is called (else by the name rule)')
    .option('--adopt', 'the endpoint is there already: make none')
    .option('--resource-name <name>', 'the resource that is updated (else the service’s)')
    .option('--append', 'drops are joined (else each is a whole training set)')
    .option('--data <file>', 'a CSV file to train the first model of')
    .option('--wait', 'with --data: follow the run to its end')
    .action(run((cli, [customer]: [string], options: AddOptions) => addModel(cli, customer, options)))
  examples(
    add,
    'customers add fabrikam --model census',
    'customers add fabrikam --model census --data first.csv --wait',
    'customers add contoso --model census --endpoint contoso1 --adopt',
  )
}

function registerRemove(group: Command, run: Run): void {
  const remove = group
    .command('remove')
    .description('off-board a customer, or one model: runs end, the endpoint is deleted, the history stays')
    .argument('<customer>')
    .option('--model <name>', 'this model only')
    .option('--keep-endpoint', 'leave the endpoint at the web service')
    .action(run((cli, [customer]: [string], options: RemoveOptions) => removeModels(cli, customer, options)))
  examples(
    remove,
    'customers remove fabrikam --reason "the contract ended"',
    'customers remove fabrikam --model census --keep-endpoint --reason "moved" --yes',
  )
}

async function listModels(cli: Cli, options: ListedOptions): Promise<void> {
  const isAll = options.all === true || (cli.json && options.limit === undefined)
  const limit = isAll ? Number.POSITIVE_INFINITY : (options.limit ?? usual)
  const found = await readModels(cli, globTest(options.customers), limit + 1)
  const rows = found.slice(0, limit)
  if (cli.json) for (const row of rows) cli.out.json(row)
  else if (rows.length === 0) cli.out.line('no customer: retrain customers add, or retrain apply')
  else {
    const cells = rows.map(({ customerId, model, settings, problem }) => [
      ...[customerId, model, settings?.endpoint ?? '', settings?.predictiveService ?? ''],
      ...[
        settings?.trainingService ?? '',
        settings?.trainingData ?? problem ?? '',
        settings?.gate.kind ?? '',
      ],
    ])
    cli.out.table(['customer', 'model', 'endpoint', 'service', 'trained by', 'data', 'gate'], cells)
  }
  if (found.length > rows.length) {
    cli.out.note(`these are the first ${rows.length}: --limit N or --all shows more`)
  }
}

async function readModels(
  cli: Cli,
  hasCustomer: (customerId: string) => boolean,
  most = Number.POSITIVE_INFINITY,
): Promise<ListedModel[]> {
  const rows: ListedModel[] = []
  for await (const row of cli.api.pages<ListedModel>('customers', { limit: 500 })) {
    if (hasCustomer(row.customerId)) rows.push(row)
    if (rows.length >= most) break
  }
  return rows
}

async function addModel(cli: Cli, customer: string, options: AddOptions): Promise<ExitCode> {
  const { model, data, endpoint, adopt, resourceName, service, trainingService } = options
  if (options.wait === true && data === undefined)
    throw new UsageError('Cannot wait: --wait goes with --data')
  if (data !== undefined) checkFile(data)
  const key = { customerId: customer, model }
  const trainingData = options.append === true ? 'append' : undefined
  const answer = await putModel(cli, key, {
    ...{ endpoint, adopt, resourceName, trainingService, trainingData },
    predictiveService: service,
  })
  if (data === undefined && cli.json) cli.out.json({ ...key, ...answer })
  if (!cli.json)
    cli.out.line(`${customer}/${model} is ${answer.outcome}; its endpoint was ${answer.endpoint}`)
  if (data === undefined) return exitCodes.ok
  return drop(cli, { customer, model }, [data], options.wait === true ? { wait: true } : {})
}

async function removeModels(cli: Cli, customer: string, options: RemoveOptions): Promise<0 | 1> {
  const rows = await readModels(cli, (customerId) => customerId === customer)
  const found = rows.filter(({ model }) => options.model === undefined || model === options.model)
  if (found.length === 0) {
    if (options.model !== undefined)
      return removeUnfinished(cli, { customerId: customer, model: options.model }, options)
    throw new NotFoundError(`Cannot off-board ${customer}: there is no such customer`)
  }
  const names = found.map(({ model }) => `${customer}/${model}`).join(', ')
  const keepEndpoint = options.keepEndpoint === true
  await cli.confirm(`Off-board ${names}${keepEndpoint ? '' : ' and delete the endpoint'}`)
  const reason = await cli.askReason(`off-board ${names}`)
  const failures = await eachModel(cli, found, { atOnce, label: 'models' }, async (key) => {
    await removeModel(cli, key, { reason, keepEndpoint })
  })
  if (cli.json) cli.out.json({ removed: found.length - failures.length, failures })
  else {
    for (const failure of failures) cli.out.line(`${failure.customerId}/${failure.model}: ${failure.reason}`)
    if (failures.length === 0) cli.out.line(`off-boarded ${names}; the history stays`)
  }
  return failures.length === 0 ? exitCodes.ok : exitCodes.failed
}

/** A model that is not known may have an endpoint of an onboarding that was broken off. */
async function removeUnfinished(
  cli: Cli,
  key: { customerId: string; model: string },
  { keepEndpoint = false }: RemoveOptions,
): Promise<0> {
  const name = `${key.customerId}/${key.model}`
  const reason = await cli.askReason(`off-board ${name}`)
  const answer = await removeModel(cli, key, { reason, keepEndpoint })
  if (cli.json) cli.out.json({ removed: 1, failures: [] })
  else cli.out.line(`off-boarded ${name}, which was never complete; its endpoint was ${answer.endpoint}`)
  return exitCodes.ok
}
