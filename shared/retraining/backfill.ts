import { type AcceptDropPorts, acceptDrop } from './acceptDrop.ts'
import { concurrently } from './concurrently.ts'
import type { LandedBlob } from './drop.ts'
import { type ModelKey, modelPath } from './names.ts'
import { type RetrainOrder, type RetrainPorts, retrain } from './retrain.ts'
import type { ExclusionStore, RunStore } from './stores.ts'

/** What taking up a model's past data needs. `tickSeconds`: one call takes no new page after that. */
export type BackfillPorts = AcceptDropPorts &
  RetrainPorts &
  Pick<RunStore, 'readRun'> &
  Pick<ExclusionStore, 'readDrop'> & {
    listLanded(place: {
      prefix: string
      next?: string | undefined
    }): Promise<{ items: LandedBlob[]; next?: string | undefined }>
    tickSeconds: number
  }

/** `sinceMs`: of what landed then or later. With `again` also what was trained on, unless a run was opened since `begunAtMs`. */
export type BackfillOrder = RetrainOrder & { sinceMs: number; begunAtMs: number; next?: string | undefined }

/** What one call did; `next` goes on. `outcome` is there at the end. */
export type Backfill = {
  found: number
  accepted: number
  next?: string | undefined
  outcome?: { kind: 'started'; generation: number } | { kind: 'idle' | 'held'; reason: string }
}

const atOnce = 8

/**
 * Accepts what landed for a model and was never recorded, then starts what waits. Doing it again does nothing twice: what is
 * recorded is known, what was started waits no longer.
 */
export async function backfill(ports: BackfillPorts, key: ModelKey, order: BackfillOrder): Promise<Backfill> {
  const endsAtMs = ports.now() + ports.tickSeconds * 1000
  const prefix = `${modelPath(key)}/`
  let { next } = order
  const done = { found: 0, accepted: 0 }
  do {
    const page = await ports.listLanded({ prefix, next })
    const due = page.items.filter((blob) => blob.lastModifiedMs >= order.sinceMs && blob.sizeBytes > 0)
    const taken = await concurrently(due, atOnce, (blob) => acceptUnrecorded(ports, key, blob))
    done.found += due.length
    done.accepted += taken.filter((acceptance) => acceptance === 'accepted').length
    next = page.next
  } while (next !== undefined && ports.now() < endsAtMs)
  return next === undefined ? { ...done, outcome: await start(ports, key, order) } : { ...done, next }
}

async function acceptUnrecorded(ports: BackfillPorts, key: ModelKey, blob: LandedBlob): Promise<string> {
  if ((await ports.readDrop(key, ports.dropId(blob.name, blob.etag))) !== undefined) return 'known'
  return acceptDrop(ports, blob.name)
}

async function start(
  ports: BackfillPorts,
  key: ModelKey,
  order: BackfillOrder,
): Promise<NonNullable<Backfill['outcome']>> {
  if (!(await ports.hasPending(key))) {
    if (order.again !== true) return { kind: 'idle', reason: 'everything that landed was taken' }
    if (await wasOpenedSince(ports, key, order.begunAtMs)) return { kind: 'idle', reason: 'started already' }
  }
  const retraining = await retrain(ports, key, order)
  if (retraining.kind === 'refused') return { kind: 'held', reason: retraining.reason }
  return { kind: 'started', generation: retraining.generation }
}

async function wasOpenedSince(ports: BackfillPorts, key: ModelKey, begunAtMs: number): Promise<boolean> {
  const head = (await ports.readHead(key))?.value
  if (head?.retrain !== undefined && head.retrain.atMs >= begunAtMs) return true
  const { customerId, model } = key
  const generation = head?.lastGeneration ?? 0
  const run = generation === 0 ? undefined : await ports.readRun({ customerId, model, generation })
  return run !== undefined && run.value.openedAtMs >= begunAtMs
}
