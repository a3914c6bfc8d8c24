import { hashKey } from '../keys.ts'
import { addSubscription, type ChangePorts, rotateKey } from './changeSubscriptions.ts'
import type { Subscription } from './subscription.ts'

/** Whose subscription for which of its models; `endpointKey` refers to the key of that model's endpoint. */
export type Owner = { customerId: string; model: string; product: string; endpointKey: string }

const longestName = 63
const digits = 12

/**
 * A customer's subscription for one of its models: made, or its primary key replaced where it is there; answers the primary key.
 * It is named after both; where that name is another's (`a-b` and `c`, `a` and `b-c`) or too long, a hash of both tells them apart.
 */
export async function giveSubscription(ports: ChangePorts, owner: Owner): Promise<string> {
  const names = namesOf(owner)
  for (const name of names) {
    const found = await ports.store.read(name)
    if (found === undefined) return add(ports, name, owner)
    if (isOf(found, owner) || name === names.at(-1)) return renew(ports, found, owner)
  }
  throw new Error(`Cannot give ${owner.customerId}/${owner.model} a subscription: it has no name`)
}

function namesOf({ customerId, model }: Owner): string[] {
  const plain = `${customerId}-${model}`
  const end = `-${hashKey(`${customerId}/${model}`).slice(0, digits)}`
  const hashed = plain.slice(0, longestName - end.length) + end
  return plain.length > longestName ? [hashed] : [plain, hashed]
}

/** Of one customer no two models share a name. Where none is named, the endpoint's key says whose it is. */
function isOf({ customerId, endpointKey }: Subscription, owner: Owner): boolean {
  return customerId === undefined ? endpointKey === owner.endpointKey : customerId === owner.customerId
}

async function add(ports: ChangePorts, name: string, owner: Owner): Promise<string> {
  const { customerId, product, endpointKey } = owner
  const { keys } = await addSubscription(ports, { name, product, endpointKey, customerId })
  return keys.primaryKey
}

async function renew(ports: ChangePorts, { name, state }: Subscription, owner: Owner): Promise<string> {
  if (state !== 'active') {
    throw new Error(
      `Cannot give ${owner.customerId}/${owner.model} a key: its subscription ${name} is ${state}`,
    )
  }
  const { customerId, endpointKey } = owner
  await ports.store.update(name, (subscription) => ({ ...subscription, customerId, endpointKey }))
  return rotateKey(ports, name, 'primary')
}
