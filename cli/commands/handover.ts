import { join } from 'node:path'
import type { Command } from 'commander'
import type { ChangePorts } from '../../gateway/subscriptions/changeSubscriptions.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { commandGroup } from '../commandGroup.ts'
import { CliError, exitCodes } from '../errors.ts'
import { modelPath } from '../modelPath.ts'

type HandoverOptions = {
  model: string
  again?: boolean
  gateway?: string
  storage?: string
  product: string
  products?: string
}
type Told = { url: string; key?: string; keyReference?: string }

/** `retrain customers handover` and `retrain customers erase`. */
export function register(program: Command, run: Run): void {
  const group = commandGroup(program, 'customers', 'customers and their models')
  const handover = group
    .command('handover')
    .description('the URL and key that a customer scores with: shown once')
    .argument('<customer>')
    .requiredOption('--model <name>')
    .option('--again', 'although it was handed over before')
    .option('--gateway <url>', 'a subscription of this gateway in place of the endpoint’s own key')
    .option('--product <name>', 'which limits the subscription has', 'Starter')
    .option('--products <file>', 'the file of products, where the gateway has another than the built-in one')
    .option('--storage <connection>', 'the gateway’s storage (else the running stack’s)')
    .action(run((cli, [customer]: [string], options: HandoverOptions) => handOver(cli, customer, options)))
  examples(
    handover,
    'customers handover fabrikam --model census --reason "their first client"',
    'customers handover fabrikam --model census --gateway http://127.0.0.1:8170 --reason "their first client"',
  )
  registerErase(group, run)
}

function registerErase(group: Command, run: Run): void {
  const erase = group
    .command('erase')
    .description('erase everything of an off-boarded customer, with a receipt; there is no way back')
    .argument('<customer>')
    .option('--force', 'off-board it first: its runs end and its endpoints are deleted')
    .action(
      run((cli, [customer]: [string], { force }: { force?: boolean }) =>
        eraseAll(cli, customer, force === true),
      ),
    )
  examples(
    erase,
    'customers erase fabrikam --reason "asked for by letter of 12 March"',
    'customers erase fabrikam --force --yes --json --reason "ticket 4711" > receipt.json',
  )
}

async function handOver(cli: Cli, customer: string, options: HandoverOptions): Promise<void> {
  const { model, again = false, gateway } = options
  const reason = await cli.askReason(`hand over the endpoint of ${customer}/${model}`)
  const body = { again, gateway: gateway !== undefined }
  // What is wrong with the gateway's part is said before anything counts as handed over.
  const ports = gateway === undefined ? undefined : await gatewayPorts(cli, options)
  const told = await cli.api.post<Told>(modelPath(customer, model, 'handover'), { body, reason })
  const given =
    gateway === undefined || ports === undefined
      ? told
      : await subscribe(ports, customer, { ...options, gateway, told })
  if (cli.json) return cli.out.json({ customer, model, url: given.url, key: given.key })
  cli.out.line('URL  ', given.url)
  cli.out.line('key  ', given.key ?? '')
  cli.out.note(
    gateway === undefined
      ? 'sent as Authorization: Bearer; not shown again'
      : 'sent as Ocp-Apim-Subscription-Key; not shown again',
  )
}

type Subscribing = HandoverOptions & { gateway: string; told: Told }

/** Makes the customer's own subscription, or a new key of it; the gateway puts the endpoint's key in its place. */
async function subscribe(ports: ChangePorts, customer: string, options: Subscribing): Promise<Told> {
  const [{ isReference }, { giveSubscription }] = await Promise.all([
    import('../../gateway/subscriptions/changeSubscriptions.ts'),
    import('../../gateway/subscriptions/giveSubscription.ts'),
  ])
  const { model, told, gateway, product } = options
  const endpointKey = told.keyReference ?? ''
  if (!isReference(endpointKey)) {
    const reason =
      'its key is in Key Vault, which API Management reads by itself: make the subscription there'
    throw new CliError(
      `Cannot hand ${customer}/${model} over through the gateway: ${reason}`,
      exitCodes.refused,
    )
  }
  const url = throughGateway(gateway, told.url)
  const own = { customerId: customer, model, product, endpointKey }
  return { url, key: await giveSubscription(ports, own) }
}

async function gatewayPorts(cli: Cli, { storage, product, products }: HandoverOptions): Promise<ChangePorts> {
  const [{ openStores }, { readLocalStack }, { readProducts, requireProduct }] = await Promise.all([
    import('../../gateway/storage/openStores.ts'),
    import('../../gateway/stackFile.ts'),
    import('../gateway/products.ts'),
  ])
  const known = readProducts(products)
  requireProduct(known, product)
  const place = storage ?? readLocalStack(join(cli.stackFolder, 'stack.json'))?.storage
  const stores = await openStores({ storage: place, folder: join(cli.stackFolder, 'gateway') })
  return { store: stores.subscriptions, products: known, now: cli.now }
}

/** The gateway's URL of an endpoint's scoring: the same workspace and service below its API. Pure. */
export function throughGateway(gateway: string, scoringUrl: string): string {
  const path = /\/workspaces\/.+$/.exec(new URL(scoringUrl).pathname)?.[0].replace(/\/+$/, '') ?? ''
  return `${gateway.replace(/\/+$/, '')}/azureml-demo${path}/execute?api-version=2.0&details=true`
}

type Erasing = { state: string; waitsFor?: string; counts?: Record<string, number>; receipt?: object }

const betweenMs = 5_000

async function eraseAll(cli: Cli, customerId: string, force: boolean): Promise<void> {
  const reason = await cli.askReason(`erase ${customerId}`)
  await cli.confirm(`Erase everything of ${customerId}, without a way back`)
  for (;;) {
    const body = { customerId, force }
    const erasing = await cli.api.post<Erasing>('erasures', { body, reason, signal: cli.signal })
    if (erasing.receipt !== undefined) {
      cli.out.json(erasing.receipt)
      return
    }
    cli.out.note(erasing.state === 'waiting' ? `waits: ${erasing.waitsFor}` : progressOf(erasing.counts))
    if (erasing.state === 'waiting') await cli.pause(betweenMs)
  }
}

function progressOf(counts: Record<string, number> = {}): string {
  const parts = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`)
  return `erased so far: ${parts.join(', ') || 'nothing yet'}`
}
