import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { CliError, type ExitCode, exitCodes, UsageError } from '../errors.ts'
import { modelPath } from '../modelPath.ts'

type Trouble = { owner?: string; url?: string; failures: number; reason: string; disabledAt?: string }
type Shown = { url?: string; secret?: string; trouble?: Trouble }
type Listed = { fleet: Shown; troubles: Trouble[]; waiting: number; givenUp: number }
type Given = [customer: string | undefined, model: string | undefined]

/** `retrain webhooks`: who is told of what happens to runs, by model or for all. */
export function register(program: Command, run: Run): void {
  const group = program
    .command('webhooks')
    .description('who is told when a run is live, rejected, failed or waits')
  examples(
    owned(group.command('list', { isDefault: true }))
      .description('the fleet’s webhook and receivers in trouble, or the webhook of a model')
      .action(run((cli, given: Given) => list(cli, given))),
    'webhooks list',
    'webhooks list contoso census',
  )
  const set = owned(group.command('set'))
    .description('tell this receiver: of one model, or of all')
    .requiredOption('--to <url>', 'https, where events are posted to')
    .requiredOption('--secret <reference>', 'what signs them: env:NAME, file:NAME or keyvault:NAME')
    .action(
      run((cli, given: Given, { to, secret }: { to: string; secret: string }) =>
        setOne(cli, given, { url: to, secret }),
      ),
    )
  examples(
    set,
    'webhooks set --to https://hooks.example.com/retrain --secret keyvault:hook --reason "all to operations"',
    'webhooks set contoso census --to https://contoso.example/models --secret keyvault:contoso-hook --reason ordered',
  )
  registerOthers(group, run)
}

function registerOthers(group: Command, run: Run): void {
  const remove = owned(group.command('remove'))
    .description('tell this receiver no more')
    .action(run((cli, given: Given) => removeOne(cli, given)))
  examples(remove, 'webhooks remove contoso census --reason "they left"')
  const test = owned(group.command('test'))
    .description('send a test event now and say what the receiver answered; 1 if it did not accept')
    .action(run((cli, given: Given) => tryOne(cli, given)))
  examples(test, 'webhooks test', 'webhooks test contoso census')
}

function owned(command: Command): Command {
  return command.argument('[customer]').argument('[model]', 'the fleet’s webhook where both are absent')
}

/** Where the webhook is in the API. */
function pathOf([customer, model]: Given): string {
  if (customer === undefined) return 'webhooks'
  if (model === undefined) throw new UsageError('Cannot read the arguments: a customer needs a model too')
  return modelPath(customer, model, 'webhook')
}

function nameOf([customer, model]: Given): string {
  return customer === undefined ? 'the fleet' : `${customer}/${model}`
}

async function list(cli: Cli, given: Given): Promise<void> {
  const found = await cli.api.get<Shown | Listed>(pathOf(given))
  if (cli.json) return cli.out.json(found)
  const isFleet = 'fleet' in found
  const { url, secret, trouble } = isFleet ? found.fleet : found
  const state = url === undefined ? 'no webhook' : `${url}, signed with ${secret}`
  cli.out.line(`${nameOf(given)}: ${state}`)
  if (trouble !== undefined) cli.out.line({ text: troubleText(trouble), colour: 'bad' })
  if (!isFleet) return
  for (const one of found.troubles) cli.out.line(`${one.owner}: ${one.url}: ${troubleText(one)}`)
  cli.out.line(`${found.waiting} events on their way, ${found.givenUp} given up`)
}

function troubleText({ failures, reason, disabledAt }: Trouble): string {
  if (disabledAt !== undefined) return `disabled since ${disabledAt}: ${reason}`
  return `${failures} failures in a row, the last: ${reason}`
}

async function setOne(cli: Cli, given: Given, { url, secret }: { url: string; secret: string }) {
  const reason = await cli.askReason(`set the webhook of ${nameOf(given)}`)
  const answer = await cli.api.put(pathOf(given), { body: { url, secret }, reason })
  if (cli.json) cli.out.json(answer)
  else cli.out.line(`${nameOf(given)}: events go to ${url}`)
}

async function removeOne(cli: Cli, given: Given): Promise<void> {
  const reason = await cli.askReason(`remove the webhook of ${nameOf(given)}`)
  const answer = await cli.api.remove(pathOf(given), { reason })
  if (cli.json) cli.out.json(answer)
  else cli.out.line(`${nameOf(given)}: no webhook any more`)
}

async function tryOne(cli: Cli, given: Given): Promise<ExitCode> {
  const answer = await cli.api.post<{ outcome: string; status?: number; reason?: string }>(
    `${pathOf(given)}/test`,
  )
  if (cli.json) cli.out.json(answer)
  if (answer.outcome !== 'accepted') {
    const text = answer.reason ?? 'HTTP 410 Gone'
    throw new CliError(`Cannot reach the receiver of ${nameOf(given)}: ${text}`, exitCodes.failed)
  }
  if (!cli.json)
    cli.out.line(`${nameOf(given)}: the receiver accepted the test event (HTTP ${answer.status})`)
  return exitCodes.ok
}
