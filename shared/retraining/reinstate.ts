import type { ModelKey } from './names.ts'
import type { Messages, RunStore } from './stores.ts'

/** What putting a model back on an endpoint that was made anew needs. */
export type ReinstatePorts = Pick<RunStore, 'readHead'> & Pick<Messages, 'sendUpdate'>

/**
 * A model that comes back after it was off-boarded has a new endpoint, which answers with what it was made with: the last
 * live model goes there by the usual update. Without it, or where the message is lost, `reconcile` finds the endpoint with
 * another model and says that as drift. A rollback that is under way sends its own.
 */
export async function reinstate(ports: ReinstatePorts, { customerId, model }: ModelKey): Promise<void> {
  const { live, pin } = (await ports.readHead({ customerId, model }))?.value ?? {}
  if (live === undefined || (pin !== undefined && pin.generation !== live)) return
  await ports.sendUpdate({ v: 1, kind: 'update', customerId, model, generation: live, again: true }, 0)
}
