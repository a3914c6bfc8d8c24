import { UsageError } from './usage.ts'

/** What `retrain` was asked of the gateway. `storage` is a connection string. */
export type GatewayCommand = { storage?: string; isJson: boolean } & (
  | ({ kind: 'subscriptions' } & SubscriptionAction)
  | { kind: 'usage'; name?: string; hours: number }
)

/** What to do with a subscription. */
export type SubscriptionAction =
  | { action: 'list' }
  | { action: 'add'; name: string; product: string; endpointKey?: string }
  | { action: 'rotate'; name: string; which: 'primary' | 'secondary' }
  | { action: 'suspend' | 'activate'; name: string }

/** The commands that are about the gateway. */
export const gatewayCommands: readonly string[] = ['subscriptions', 'usage']

/** Flags of these commands as they were given. */
export type GatewayFlags = {
  json: boolean
  product?: string | undefined
  'endpoint-key'?: string | undefined
  hours?: string | undefined
  storage?: string | undefined
}

const longestHours = 24 * 366

/** Reads the rest of a gateway command; throws UsageError of one line. Pure. */
export function parseGatewayCommand(
  command: string,
  rest: readonly string[],
  flags: GatewayFlags,
): GatewayCommand {
  const place = { isJson: flags.json, ...(flags.storage !== undefined && { storage: flags.storage }) }
  if (command === 'subscriptions') return { kind: 'subscriptions', ...parseAction(rest, flags), ...place }
  const [name, ...more] = rest
  if (more.length > 0) throw new UsageError('Cannot show usage: it takes one subscription at most')
  const hours = Number(flags.hours ?? 24)
  if (!Number.isInteger(hours) || hours < 1 || hours > longestHours) {
    throw new UsageError(
      `Cannot show usage of ${flags.hours} hours: it is a whole number from 1 to ${longestHours}`,
    )
  }
  return { kind: 'usage', hours, ...(name !== undefined && { name }), ...place }
}

function parseAction([action, name, ...more]: readonly string[], flags: GatewayFlags): SubscriptionAction {
  if (action === undefined || (action === 'list' && name === undefined)) return { action: 'list' }
  const needs = () =>
    new UsageError(`Cannot ${action} a subscription: it takes one name (see retrain --help)`)
  switch (action) {
    case 'add': {
      if (name === undefined || more.length > 0) throw needs()
      const endpointKey = flags['endpoint-key']
      const product = flags.product ?? 'Starter'
      return { action, name, product, ...(endpointKey !== undefined && { endpointKey }) }
    }
    case 'rotate': {
      const [which = 'primary', ...others] = more
      if (name === undefined || others.length > 0) throw needs()
      if (which !== 'primary' && which !== 'secondary') {
        throw new UsageError(`Cannot rotate the ${which} key: there are primary and secondary`)
      }
      return { action, name, which }
    }
    case 'suspend':
    case 'activate':
      if (name === undefined || more.length > 0) throw needs()
      return { action, name }
    default:
      throw new UsageError(
        `Cannot ${action} subscriptions: the commands are add, list, rotate, suspend and activate (see retrain --help)`,
      )
  }
}
