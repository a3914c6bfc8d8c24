import { join } from 'node:path'
import { Argument, type Command } from 'commander'
import type { GatewayStores } from '../../gateway/storage/openStores.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { UsageError } from '../errors.ts'
import type { SubscriptionAction } from '../gateway/subscriptions.ts'

type Place = { storage?: string }
type Addition = { product: string; products?: string; endpointKey?: string; customer?: string }

/** `retrain subscriptions` and `retrain usage`: who may call through the gateway, and who did. They work on its storage. */
export function register(program: Command, run: Run): void {
  registerSubscriptions(program, run)
  const usage = withStorage(program.command('usage'))
    .description('calls through the gateway, by subscription and operation')
    .argument('[name]', 'one subscription')
    .option('--hours <n>', 'of the last hours', '24')
    .option('--by-hour', 'each hour by itself')
    .action(
      run(async (cli, [name]: [string?], options: Place & { hours: string; byHour?: boolean }) => {
        const { showUsage } = await import('../gateway/usage.ts')
        const hours = parseHours(options.hours)
        const question = { name, hours, byHour: options.byHour === true }
        await showUsage({ ...cli, stores: await open(cli, options) }, question)
      }),
    )
  examples(usage, 'usage', 'usage acme --hours 1', 'usage --by-hour')
}

function registerSubscriptions(program: Command, run: Run): void {
  const group = program.command('subscriptions').description('who may call through the gateway')
  examples(
    withStorage(group.command('list', { isDefault: true }))
      .description('every subscription, without its keys')
      .action(
        run(async (cli, _args: [], options: Place) => {
          const { listSubscriptions } = await import('../gateway/subscriptions.ts')
          await listSubscriptions({ ...cli, stores: await open(cli, options) })
        }),
      ),
    'subscriptions list',
  )
  registerAdd(group, run)
  registerChanges(group, run)
}

function registerAdd(group: Command, run: Run): void {
  const add = withStorage(group.command('add'))
    .description('a new subscription; shows its two keys, once')
    .argument('<name>')
    .option('--product <name>', 'which limits it has', 'Starter')
    .option('--products <file>', 'the file of products, where the gateway has another than the built-in one')
    .option('--endpoint-key <reference>', 'the key of the endpoint it calls, as env:NAME')
    .option('--customer <id>', 'whose it is: it is removed when the customer is erased')
    .action(
      run((cli, [name]: [string], options: Place & Addition) => {
        const { product, products, endpointKey, customer } = options
        return change(cli, options, {
          action: 'add',
          name,
          product,
          ...(products !== undefined && { products }),
          ...(endpointKey !== undefined && { endpointKey }),
          ...(customer !== undefined && { customerId: customer }),
        })
      }),
    )
  examples(add, 'subscriptions add acme --product Unlimited --endpoint-key env:ACME_ENDPOINT_KEY')
}

function registerChanges(group: Command, run: Run): void {
  const rotate = withStorage(group.command('rotate'))
    .description('a new key in place of the one; shows it, once')
    .argument('<name>')
    .addArgument(new Argument('[which]').choices(['primary', 'secondary']).default('primary'))
    .action(
      run((cli, [name, which]: [string, 'primary' | 'secondary'], options: Place) =>
        change(cli, options, { action: 'rotate', name, which }),
      ),
    )
  examples(rotate, 'subscriptions rotate acme secondary')
  const remove = withStorage(group.command('remove'))
    .description('removes it, its keys and its usage; there is no way back')
    .argument('<name>')
    .action(
      run(async (cli, [name]: [string], options: Place) => {
        await cli.confirm(`Remove subscription ${name} and its usage, without a way back`)
        await change(cli, options, { action: 'remove', name })
      }),
    )
  examples(remove, 'subscriptions remove acme')
  for (const [action, description] of [
    ['suspend', 'its keys stop working'],
    ['activate', 'its keys work again'],
    ['cancel', 'its owner gave it up: its keys stop working'],
    ['expire', 'its time is over: its keys stop working'],
  ] as const) {
    const command = withStorage(group.command(action))
      .description(description)
      .argument('<name>')
      .action(run((cli, [name]: [string], options: Place) => change(cli, options, { action, name })))
    examples(command, `subscriptions ${action} acme`)
  }
}

async function change(cli: Cli, place: Place, action: SubscriptionAction): Promise<void> {
  const { changeSubscription } = await import('../gateway/subscriptions.ts')
  await changeSubscription({ ...cli, stores: await open(cli, place) }, action)
}

function withStorage(command: Command): Command {
  return command.option(
    '--storage <connection>',
    'where the gateway keeps them (else the running stack’s storage, else .local/gateway)',
  )
}

/** The storage that was named, the running stack's, or the files of a gateway without one. */
async function open({ stackFolder }: Cli, { storage }: Place): Promise<GatewayStores> {
  const [{ openStores }, { readLocalStack }] = await Promise.all([
    import('../../gateway/storage/openStores.ts'),
    import('../../gateway/stackFile.ts'),
  ])
  return openStores({
    storage: storage ?? readLocalStack(join(stackFolder, 'stack.json'))?.storage,
    folder: join(stackFolder, 'gateway'),
  })
}

const longestHours = 24 * 366

function parseHours(text: string): number {
  const hours = Number(text)
  if (Number.isInteger(hours) && hours >= 1 && hours <= longestHours) return hours
  throw new UsageError(`Cannot show usage of ${text} hours: it is a whole number from 1 to ${longestHours}`)
}
