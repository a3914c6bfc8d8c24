import { emptyHead, type Head, type Pin } from './head.ts'
import { type HoldPorts, holdOn } from './holdOn.ts'
import { type KeepSchedulePorts, keepSchedule } from './keepSchedule.ts'
import { type MendDriftPorts, mendDrift } from './mendDrift.ts'
import { ids, type ModelKey, type RunKey } from './names.ts'
import { needsStartRequest } from './quiet.ts'
import { type RequestStartPorts, requestStart } from './requestStart.ts'
import { rescueOf } from './rescue.ts'
import { type ResumeTellingPorts, resumeTelling } from './resumeTelling.ts'
import type { Run } from './run.ts'
import type { Schedule } from './settings.ts'
import { type SettleApprovalsPorts, settleApprovals } from './settleApprovals.ts'
import type { Clock, DropStore, Log, Messages, RunStore } from './stores.ts'
import { swapRun } from './swap.ts'

/** What putting one model right needs. */
export type ReconcileModelPorts = RequestStartPorts &
  Pick<RunStore, 'readHead' | 'readRun' | 'commit'> &
  Pick<DropStore, 'hasPending' | 'readPending'> &
  KeepSchedulePorts &
  HoldPorts &
  Messages &
  MendDriftPorts &
  SettleApprovalsPorts &
  ResumeTellingPorts &
  Pick<Clock, 'newId'> & { log: Log; retrySeconds: number }

/** A model of the walk over the customers, with its schedule where it has one. */
export type ListedModel = ModelKey & { schedule?: Schedule | undefined }

/** A message counts as lost so many times `retrySeconds` after its time. */
const graceTimes = 4

/**
 * Sends what got lost of one model: a start for drops that wait, the message of a run in flight or of one that is being put
 * back. Ends approvals that nobody gave, sees to those that were given. Describes the endpoint of a model that rests.
 */
export async function reconcileModel(ports: ReconcileModelPorts, listed: ListedModel): Promise<void> {
  const { schedule, ...key } = listed
  const head = (await ports.readHead(key))?.value
  await keepSchedule(ports, key, schedule, head)
  if (head?.untold !== undefined) await resumeTelling(ports, key, head.untold)
  if (head?.awaiting !== undefined) await settleApprovals(ports, key, head)
  if (head?.pin !== undefined) await restorePinned(ports, key, head, head.pin)
  for (const generation of head?.approved ?? [])
    await rescueRun(ports, { ...key, generation }, head ?? emptyHead)
  if (head?.inFlight !== undefined) return rescueRun(ports, { ...key, generation: head.inFlight }, head)
  if (head?.marksOf !== undefined) return ports.sendStart({ v: 1, ...key }, 0)
  if (needsStartRequest(head, ports.now())) await startWaiting(ports, key, head)
  if (head === undefined) return
  if (head.pin !== undefined) return
  await mendDrift(ports, key, head)
  const putBack = new Set([head.floor, head.live ?? 0])
  for (const generation of putBack) if (generation > 0) await rescueRun(ports, { ...key, generation }, head)
}

/** What waits, or was asked for, starts unless something holds it. */
async function startWaiting(
  ports: ReconcileModelPorts,
  key: ModelKey,
  head: Head | undefined,
): Promise<void> {
  if (head?.retrain === undefined && !(await ports.hasPending(key))) return
  const settings = await ports.readSettings(key)
  if (settings === undefined) return
  const pending = await ports.readPending(key)
  if ((await holdOn(ports, settings, head ?? emptyHead, pending)) === undefined)
    await requestStart(ports, key, 0)
}

/** A rollback that stopped goes on, and what it put back stays, also while runs are in flight that may not update. */
async function restorePinned(ports: ReconcileModelPorts, key: ModelKey, head: Head, pin: Pin): Promise<void> {
  await mendDrift(ports, key, head)
  await rescueRun(ports, { ...key, generation: pin.generation }, head)
}

async function rescueRun(ports: ReconcileModelPorts, key: RunKey, head: Head): Promise<void> {
  const nowMs = ports.now()
  const lateMs = nowMs - graceTimes * ports.retrySeconds * 1000
  const token = ports.newId()
  const run = (await ports.readRun(key))?.value
  const rescue = run === undefined ? 'nothing' : rescueOf(run, head, lateMs)
  if (rescue === 'nothing') return
  const touched = await swapRun(ports, key, (fresh) =>
    rescueOf(fresh, head, lateMs) === rescue ? touch(fresh, rescue, token, nowMs) : undefined,
  )
  if (touched === undefined) return
  ports.log.warn({ ...ids(key) }, `the run had stopped: ${rescue} is sent again`)
  await send(ports, key, rescue, token)
}

/** The row first: it names the one valid message, and says when it was sent so that the next tick doesn't send another. */
function touch(run: Run, rescue: 'start' | 'poll' | 'update' | 'check', token: string, nowMs: number): Run {
  const touched = { ...run, updatedAtMs: nowMs }
  if (rescue === 'poll') {
    return { ...touched, poll: { token, dueAtMs: nowMs, count: run.poll?.count ?? 0 } }
  }
  if (rescue === 'check' && run.update !== undefined) {
    const check = { token, dueAtMs: nowMs, count: run.update.check?.count ?? 0 }
    return { ...touched, update: { ...run.update, check } }
  }
  return touched
}

function send(
  ports: ReconcileModelPorts,
  key: RunKey,
  rescue: 'start' | 'poll' | 'update' | 'check',
  token: string,
): Promise<void> {
  switch (rescue) {
    case 'start':
      return ports.sendStart({ v: 1, customerId: key.customerId, model: key.model }, 0)
    case 'poll':
      return ports.sendPoll({ v: 1, ...ids(key), token }, 0)
    case 'update':
      return ports.sendUpdate({ v: 1, kind: 'update', ...ids(key) }, 0)
    case 'check':
      return ports.sendUpdate({ v: 1, kind: 'check', ...ids(key), token }, 0)
  }
}
