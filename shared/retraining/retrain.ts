import { type Asked, emptyHead, type Head } from './head.ts'
import { type Pause, type PauseStore, pausedBy } from './hold.ts'
import type { ModelKey } from './names.ts'
import type { RequestStartPorts } from './requestStart.ts'
import type { DropStore, Log, SettingsStore } from './stores.ts'
import { swapHead } from './swap.ts'

/** What starting a retraining by hand needs. */
export type RetrainPorts = RequestStartPorts &
  Pick<SettingsStore, 'readSettings'> &
  Pick<DropStore, 'hasPending'> &
  Pick<PauseStore, 'readPauses'> & { log: Log; redact(text: string): string }

/** Who wants it and why. `again`: where nothing waits, train once more on what was trained on before. */
export type RetrainOrder = Asked & { again?: boolean | undefined }

/** What became of it; `after`: the generation in flight, which goes first. */
export type Retraining =
  | { kind: 'requested'; generation: number; after?: number | undefined }
  | { kind: 'refused'; reason: string }

/**
 * Opens a generation of what waits now, without its quiet period, quarantine or schedule. With nothing waiting it needs
 * `again`: a generation without drops of its own. The head says so first, then the message goes; asking again is the same
 * request.
 */
export async function retrain(ports: RetrainPorts, key: ModelKey, order: RetrainOrder): Promise<Retraining> {
  if ((await ports.readSettings(key)) === undefined) return refused('the model has no settings')
  const [hasPending, pauses] = await Promise.all([ports.hasPending(key), ports.readPauses(key.customerId)])
  const nowMs = ports.now()
  const again = !hasPending && order.again === true
  const retrainOrder = {
    by: order.by,
    reason: ports.redact(order.reason),
    atMs: nowMs,
    again: again || undefined,
  }
  let refusal: string | undefined
  const head = await swapHead(ports, key, (fresh) => {
    refusal = refusalOf(fresh, { hasPending, again, pauses })
    if (refusal !== undefined) return undefined
    const startRequestedForAtMs = fresh.inFlight === undefined ? nowMs : undefined
    return { ...fresh, retrain: retrainOrder, startRequestedForAtMs }
  })
  if (head === undefined) return refused(refusal ?? 'others change it all the time')
  const { customerId, model } = key
  ports.log.info({ customerId, model }, `retraining asked for by ${order.by}`)
  if (head.inFlight === undefined) await ports.sendStart({ v: 1, customerId, model }, 0)
  return { kind: 'requested', generation: head.lastGeneration + 1, after: head.inFlight }
}

function refused(reason: string): Retraining {
  return { kind: 'refused', reason }
}

function refusalOf(
  head: Head,
  { hasPending, again, pauses }: { hasPending: boolean; again: boolean; pauses: readonly Pause[] },
): string | undefined {
  const paused = pausedBy(head, pauses)
  if (paused !== undefined) return paused.reason
  if (hasPending) return undefined
  if (head.inFlight !== undefined) return `nothing waits, and generation ${head.inFlight} is in flight`
  if (again)
    return head.lastGeneration === emptyHead.lastGeneration ? 'nothing was trained on before' : undefined
  return 'nothing waits; with again (--again) it trains once more on what was trained on before'
}
