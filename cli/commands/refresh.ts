import type { Command } from 'commander'
import { globTest } from '../../shared/lib/glob.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { exitCodes } from '../errors.ts'
import type { ListedModel } from '../fleet/planFleet.ts'
import { eachModel, type Failure } from '../many/eachModel.ts'
import { modelPath } from '../modelPath.ts'
import type { Part } from '../output/text.ts'

type Options = { customers: string; model?: string; service?: string; plan?: boolean }
/** Source: shared/api/routes/refresh.ts. */
type Plan = { customerId: string; model: string; endpoint: string; live?: number; skipped?: string }
type Refreshed = {
  customerId: string
  model: string
  outcome: 'refreshed' | 'unchanged'
  /** Of the customer's own model. */
  kept?: 'kept' | 'putBack' | 'lost'
  probe?: 'answered' | 'none' | 'failed'
  reason?: string
}

const atOnce = 16

/** `retrain refresh`: a changed experiment, taken over by the endpoints that are named. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('refresh')
    .description('take a changed experiment over to customers’ endpoints; their models stay: a plan first')
    .option('--customers <pattern>', 'these only, as con*', '*')
    .option('--model <name>', 'this model only')
    .option('--service <name>', 'endpoints of this predictive web service only')
    .option('--plan', 'show the plan and change nothing')
    .action(run((cli, _args: [], options: Options) => refresh(cli, options)))
  examples(
    command,
    'refresh --customers "con*" --plan',
    'refresh --service census --reason "a new output column"',
    'refresh --customers fabrikam --model census --yes',
  )
}

async function refresh(cli: Cli, options: Options): Promise<0 | 1> {
  const { plans, failures: unplanned } = await readPlans(cli, options)
  const due = plans.filter(({ skipped }) => skipped === undefined)
  if (!cli.json) showPlans(cli, plans, unplanned)
  if (options.plan === true || due.length === 0) {
    if (cli.json) cli.out.json({ plan: plans, failures: unplanned })
    return unplanned.length === 0 ? exitCodes.ok : exitCodes.failed
  }
  await cli.confirm(`Refresh ${due.length} ${due.length === 1 ? 'endpoint' : 'endpoints'}`)
  const done: Refreshed[] = []
  const failures = await eachModel(
    cli,
    due,
    { atOnce, label: 'endpoints' },
    async ({ customerId, model }) => {
      const answer = await cli.api.post<Omit<Refreshed, 'kept'> & { model?: Refreshed['kept'] }>(
        modelPath(customerId, model, 'refresh'),
      )
      done.push({ ...answer, customerId, kept: answer.model, model } as Refreshed)
    },
  )
  const all = [...unplanned, ...failures, ...done.filter(isBad).map(failureOf)]
  report(cli, { plans, done, failures: all })
  return all.length === 0 ? exitCodes.ok : exitCodes.failed
}

async function readPlans(cli: Cli, options: Options): Promise<{ plans: Plan[]; failures: Failure[] }> {
  const hasCustomer = globTest(options.customers)
  const models: { customerId: string; model: string }[] = []
  for await (const { customerId, model, settings } of cli.api.pages<ListedModel>('customers', {
    limit: 500,
  })) {
    const isService = options.service === undefined || settings?.predictiveService === options.service
    const isModel = options.model === undefined || model === options.model
    if (isService && isModel && hasCustomer(customerId)) models.push({ customerId, model })
  }
  const plans: Plan[] = []
  const failures = await eachModel(cli, models, { atOnce, label: 'endpoints looked at' }, async (key) => {
    plans.push(await cli.api.get<Plan>(modelPath(key.customerId, key.model, 'refresh')))
  })
  return { plans: plans.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1)), failures }
}

const nameOf = ({ customerId, model }: { customerId: string; model: string }) => `${customerId}/${model}`

function showPlans(cli: Cli, plans: readonly Plan[], failures: readonly Failure[]): void {
  const rows = plans.map((plan): Part[] => [
    ...[nameOf(plan), plan.endpoint, plan.live === undefined ? 'as published' : `generation ${plan.live}`],
    plan.skipped === undefined
      ? 'refresh; the model stays'
      : { text: `left alone: ${plan.skipped}`, colour: 'warn' },
  ])
  if (rows.length > 0) cli.out.table(['model', 'endpoint', 'live', 'plan'], rows)
  else cli.out.line('no endpoint to refresh')
  for (const failure of failures) cli.out.line(`${nameOf(failure)}: ${failure.reason}`)
}

const isBad = ({ kept, probe }: Refreshed) => kept === 'lost' || probe === 'failed'

function failureOf({ customerId, model, kept, reason }: Refreshed): Failure {
  const text =
    kept === 'lost' ? 'its model was lost: retrain it' : `it does not answer its probe row: ${reason}`
  return { customerId, model, reason: text }
}

function report(cli: Cli, all: { plans: Plan[]; done: Refreshed[]; failures: Failure[] }): void {
  const { plans, done, failures } = all
  if (cli.json) {
    cli.out.json({ plan: plans, done, failures })
    return
  }
  for (const failure of failures) cli.out.line(`${nameOf(failure)}: ${failure.reason}`)
  const count = (test: (one: Refreshed) => boolean) => done.filter(test).length
  const putBack = count(({ kept }) => kept === 'putBack')
  cli.out.line(
    `${count(({ outcome }) => outcome === 'refreshed')} refreshed, ${count(({ outcome }) => outcome === 'unchanged')} were in step, ${failures.length} failed`,
    putBack === 0 ? '' : `; ${putBack} models are being put back`,
  )
}
