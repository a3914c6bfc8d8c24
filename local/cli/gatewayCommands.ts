import { join } from 'node:path'
import { loadProducts } from '../../gateway/products.ts'
import { readLocalStack } from '../../gateway/stackFile.ts'
import { type GatewayStores, openStores } from '../../gateway/storage/openStores.ts'
import {
  addSubscription,
  type ChangePorts,
  rotateKey,
  setState,
} from '../../gateway/subscriptions/changeSubscriptions.ts'
import type { Subscription } from '../../gateway/subscriptions/subscription.ts'
import { readUsage, type UsageLine } from '../../gateway/usage/readUsage.ts'
import { hourLengthMs, nobody } from '../../gateway/usage/rollup.ts'
import type { GatewayCommand } from './parseGatewayCommand.ts'

type Subscriptions = Extract<GatewayCommand, { kind: 'subscriptions' }>
type Usage = Extract<GatewayCommand, { kind: 'usage' }>

/** Does a gateway command on the storage given, else the running stack's, else the files in `folder`; answers the lines to print. */
export async function runGatewayCommand(command: GatewayCommand, folder: string): Promise<string[]> {
  const storage = command.storage ?? readLocalStack(join(folder, 'stack.json'))?.storage
  const stores = await openStores({ storage, folder: join(folder, 'gateway') })
  return command.kind === 'usage'
    ? usage(stores, command, Date.now())
    : subscriptions(stores, command, Date.now)
}

/** Lists or changes subscriptions. New keys are among the lines: they are stored nowhere. */
export async function subscriptions(
  stores: Pick<GatewayStores, 'subscriptions'>,
  command: Subscriptions,
  now: () => number,
): Promise<string[]> {
  const ports: ChangePorts = { store: stores.subscriptions, products: loadProducts(), now }
  const tell = (answer: object, text: string[]) => (command.isJson ? [JSON.stringify(answer)] : text)
  switch (command.action) {
    case 'list':
      return list(await ports.store.list(), command.isJson)
    case 'add': {
      const { subscription, keys } = await addSubscription(ports, command)
      return tell({ ...described(subscription), ...keys }, [
        `added ${subscription.name} (${subscription.product}); its keys, shown only now:`,
        `  primary    ${keys.primaryKey}`,
        `  secondary  ${keys.secondaryKey}`,
      ])
    }
    case 'rotate': {
      const { name, which } = command
      const key = await rotateKey(ports, name, which)
      return tell({ name, [`${which}Key`]: key }, [`the ${which} key of ${name} is now ${key}`])
    }
    case 'suspend':
    case 'activate': {
      const state = command.action === 'suspend' ? 'suspended' : 'active'
      await setState(ports, command.name, state)
      return tell({ name: command.name, state }, [`${command.name} is ${state}`])
    }
  }
}

function list(all: readonly Subscription[], isJson: boolean): string[] {
  if (isJson) return all.map((subscription) => JSON.stringify(described(subscription)))
  if (all.length === 0) return ['no subscription yet: retrain subscriptions add NAME']
  return all.map((each) => {
    const { name, product, state, startsAt } = described(each)
    return `${name.padEnd(24)} ${product.padEnd(12)} ${state.padEnd(10)} since ${startsAt}`
  })
}

function described({ name, product, state, startsAtMs, endpointKey }: Subscription) {
  const startsAt = new Date(startsAtMs).toISOString()
  return { name, product, state, startsAt, ...(endpointKey !== undefined && { endpointKey }) }
}

/** Shows what was called, by subscription and operation. `nowMs` is epoch milliseconds. */
export async function usage(
  stores: Pick<GatewayStores, 'subscriptions' | 'usage'>,
  { name, hours, isJson }: Usage,
  nowMs: number,
): Promise<string[]> {
  const all = name === undefined ? (await stores.subscriptions.list()).map((each) => each.name) : [name]
  if (name !== undefined && (await stores.subscriptions.read(name)) === undefined) {
    throw new Error(`Cannot show usage of subscription ${name}: there is none`)
  }
  const question = {
    subscriptions: name === undefined ? [...all, nobody] : all,
    sinceMs: nowMs - hours * hourLengthMs,
  }
  const lines = await readUsage(stores.usage, question)
  if (isJson) return lines.map((line) => JSON.stringify(line))
  if (lines.length === 0) return [`no calls in the last ${hours} hours`]
  return lines.map(usageLine)
}

function usageLine(line: UsageLine): string {
  const { subscription, operation, calls, blocked, failed, bytesIn, bytesOut, p50Ms, p95Ms } = line
  const counts = `${calls} calls, ${blocked} blocked, ${failed} failed`
  return `${subscription.padEnd(24)} ${operation.padEnd(12)} ${counts}, ${bytesIn} B in, ${bytesOut} B out, p50 ${p50Ms} ms, p95 ${p95Ms} ms`
}
