import type { Head } from './head.ts'
import type { ModelKey } from './names.ts'
import { needsStartRequest } from './quiet.ts'
import type { Clock, DropStore, Messages, RunStore } from './stores.ts'
import { swapHead } from './swap.ts'

/** What asking for a start needs. */
export type RequestStartPorts = Pick<RunStore, 'readHead' | 'commit'> &
  Pick<Messages, 'sendStart'> &
  Pick<Clock, 'now'>

/**
 * Asks for the next generation of a model, unless one is in flight or asked for. The head says so first, then the
 * message goes: a lost message counts as lost a minute after its time. `head` spares a read when nothing is to do.
 */
export async function requestStart(
  ports: RequestStartPorts,
  key: ModelKey,
  delaySeconds: number,
  head?: Head,
): Promise<void> {
  const nowMs = ports.now()
  if (head !== undefined && !needsStartRequest(head, nowMs)) return
  const startRequestedForAtMs = nowMs + delaySeconds * 1000
  const asked = await swapHead(ports, key, (fresh) =>
    needsStartRequest(fresh, nowMs) ? { ...fresh, startRequestedForAtMs } : undefined,
  )
  if (asked === undefined) return
  await ports.sendStart({ v: 1, customerId: key.customerId, model: key.model }, delaySeconds)
}

/** By then a start that did not get lost has opened its generation: two that open at once copy every drop twice. */
const repeatAfterMs = 30_000

/**
 * Sends the start that the head says was asked for once more, for a while after its time: whoever asked may have died before
 * the message went. Twice is harmless.
 */
export async function repeatStart(
  ports: RequestStartPorts,
  { customerId, model }: ModelKey,
  { inFlight, paused, startRequestedForAtMs }: Head,
): Promise<void> {
  if (startRequestedForAtMs === undefined || inFlight !== undefined || paused !== undefined) return
  const waitMs = Math.max(0, startRequestedForAtMs + repeatAfterMs - ports.now())
  await ports.sendStart({ v: 1, customerId, model }, Math.ceil(waitMs / 1000))
}

/** Asks for a start when drops wait: to be called after in-flight was cleared, never before. */
export async function requestStartIfPending(
  ports: RequestStartPorts & Pick<DropStore, 'hasPending'>,
  key: ModelKey,
): Promise<void> {
  if (await ports.hasPending(key)) await requestStart(ports, key, 0)
}
