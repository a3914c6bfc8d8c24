import { type Asked, emptyHead, type Head, type Order, type Pin } from './head.ts'
import { ids, type ModelKey, type RunKey } from './names.ts'
import { isEnded, type Run } from './run.ts'
import type { Clock, Log, Messages, RunStore, SettingsStore } from './stores.ts'
import { type Succession, swapHead, swapSuccession } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What rolling a model back needs. */
export type RollbackPorts = RunStore &
  Pick<SettingsStore, 'readSettings'> &
  Pick<Messages, 'sendUpdate'> &
  Pick<Clock, 'now'> & { log: Log; redact(text: string): string }

/** Who wants it and why; `to`: the generation, else the one that was live before. */
export type RollbackOrder = Asked & { to?: number | undefined }

/** What became of it. `begun`: its model is on its way to the endpoint; `unchanged`: it is pinned already. */
export type Rollback =
  | { kind: 'begun'; from?: number | undefined; to: number }
  | { kind: 'unchanged'; to: number }
  | { kind: 'refused'; reason: string }

const mostLookedAt = 500

/**
 * Brings an archived model back: head and run say so in one transaction (the pin, the floor at the last opened generation, the
 * run `trained` anew with the warrant `rollback`), and from then on it goes the way of every update: claim, PATCH, check.
 * Nobody else may update while the pin is there, and nothing that was opened before ever again. Doing it again changes
 * nothing.
 */
export async function rollback(ports: RollbackPorts, key: ModelKey, order: RollbackOrder): Promise<Rollback> {
  const refused = (reason: string): Rollback => ({ kind: 'refused', reason })
  if ((await ports.readSettings(key)) === undefined) return refused('the model has no settings')
  const head = (await ports.readHead(key))?.value ?? emptyHead
  const to = order.to ?? (await liveBefore(ports, key, head))
  if (to === undefined) return refused('no generation was live before that has its model in the archive')
  const target: RunKey = { customerId: key.customerId, model: key.model, generation: to }
  if ((await ports.readRun(target)) === undefined) return refused(`there is no generation ${to}`)
  return swapBack(ports, target, { by: order.by, reason: ports.redact(order.reason), atMs: ports.now() })
}

async function swapBack(ports: RollbackPorts, target: RunKey, order: Order): Promise<Rollback> {
  let refusal: Rollback | undefined
  let from: number | undefined
  const swapped = await swapSuccession(
    ports,
    target,
    (found) => {
      refusal = judgeRollback(found)
      from = found.head.live
      return refusal === undefined ? rolledBack(found, order) : undefined
    },
    (head) => head.pin?.generation,
  )
  const to = target.generation
  if (refusal !== undefined || swapped === undefined) return refusal ?? { kind: 'unchanged', to }
  ports.log.warn({ ...ids(target) }, `rollback from generation ${from ?? 'none'} by ${order.by}`)
  const again = from === to
  await ports.sendUpdate({ v: 1, kind: 'update', ...ids(target), again }, 0)
  return { kind: 'begun', from, to }
}

/** Why a generation can't be rolled back to, or need not be; undefined when it can. Pure. */
export function judgeRollback({ run, head }: Succession): Rollback | undefined {
  const { generation } = run
  const refused = (reason: string): Rollback => ({ kind: 'refused', reason })
  const isLive = head.live === generation
  if (run.archive === undefined) return refused(`generation ${generation} has no model in the archive`)
  if (head.pin?.generation === generation && (isLive || !isEnded(run.state))) {
    return { kind: 'unchanged', to: generation }
  }
  const isUnderWay = !isEnded(run.state) || head.approved?.includes(generation) === true
  if (isUnderWay && !isLive) return refused(`generation ${generation} is ${run.state}`)
  return undefined
}

/** The head with its pin, the run on its way, and a rollback that was not done yet at its end. Pure. */
export function rolledBack({ run, head, before }: Succession, order: Order): Succession {
  const { generation } = run
  const pin: Pin = { ...order, generation }
  const last = head.lastGeneration
  return {
    head: { ...head, pin, floor: Math.max(head.floor, last), barred: Math.max(head.barred ?? 0, last) },
    run: head.live === generation ? pinnedRun(run, order) : revivedRun(run, order),
    before: before && givenUp(before, generation, order.atMs),
  }
}

function pinnedRun(run: Run, { by, reason, atMs }: Order): Run {
  return { ...run, timeline: addEntry(run.timeline, atMs, `pinned by ${by}: ${reason}`) }
}

function revivedRun(run: Run, { by, reason, atMs }: Order): Run {
  return {
    ...run,
    state: 'trained',
    warrant: 'rollback',
    ...{ update: undefined, evidence: undefined, reason: undefined, retry: undefined, poll: undefined },
    endedAtMs: undefined,
    updatedAtMs: atMs,
    timeline: addEntry(run.timeline, atMs, `rolled back to by ${by}: ${reason}`),
  }
}

function givenUp(run: Run, generation: number, atMs: number): Run {
  if (isEnded(run.state) || run.warrant !== 'rollback') return run
  const reason = `rolled back to generation ${generation} instead`
  const timeline = addEntry(run.timeline, atMs, `superseded: ${reason}`)
  return {
    ...run,
    state: 'superseded',
    reason,
    retry: undefined,
    updatedAtMs: atMs,
    endedAtMs: atMs,
    timeline,
  }
}

/** The newest generation below the live one that was live itself and still has its model. */
async function liveBefore(ports: RollbackPorts, key: ModelKey, head: Head): Promise<number | undefined> {
  const { customerId, model } = key
  const from = (head.live ?? head.lastGeneration + 1) - 1
  for (let generation = from; generation > Math.max(0, from - mostLookedAt); generation--) {
    const run = (await ports.readRun({ customerId, model, generation }))?.value
    if (run?.liveAtMs !== undefined && run.archive !== undefined) return generation
  }
  return undefined
}

/** What became of taking the pin away. */
export type Unpin = { kind: 'unpinned' } | { kind: 'unchanged' } | { kind: 'refused'; reason: string }

/**
 * Takes the pin away: the next generation that opens may go live again. Lowers nothing: what trained before the rollback stays
 * away. Refused while the rollback is under way.
 */
export async function unpin(ports: RollbackPorts, key: ModelKey, by: string): Promise<Unpin> {
  const pin = (await ports.readHead(key))?.value.pin
  if (pin === undefined) return { kind: 'unchanged' }
  const run = (await ports.readRun({ ...key, generation: pin.generation }))?.value
  let refused = false
  const swapped = await swapHead(ports, key, (head) => {
    const isSame = head.pin?.generation === pin.generation && head.pin.atMs === pin.atMs
    refused = isSame && head.live !== pin.generation && run !== undefined && !isEnded(run.state)
    return isSame && !refused ? { ...head, pin: undefined } : undefined
  })
  const reason = `the rollback to generation ${pin.generation} is not done yet`
  if (swapped === undefined) return refused ? { kind: 'refused', reason } : { kind: 'unchanged' }
  ports.log.warn({ customerId: key.customerId, model: key.model }, `unpinned by ${by}`)
  return { kind: 'unpinned' }
}
