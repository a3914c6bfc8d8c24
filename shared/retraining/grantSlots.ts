import { earlyMs } from './backoff.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import { calledHealth, probedHealth, type ServiceHealth, startMode } from './serviceHealth.ts'
import type { TrainingServiceSettings } from './settings.ts'
import { isSameRun, nextInLine, type Place, readyAtMs, type Slot, type Waiting } from './slots.ts'
import type { Clock, Log, Messages, RunStore, SlotBoard, SlotStore, Stored } from './stores.ts'

/** What giving out slots needs. `slotLeaseSeconds`: after that others may ask for a slot's job. */
export type GrantSlotsPorts = SlotStore &
  Pick<RunStore, 'readRun' | 'commit'> &
  Pick<Messages, 'sendStart'> &
  Pick<Clock, 'now' | 'newId' | 'random'> & { log: Log; slotLeaseSeconds: number }

/** A run that is to get this place, the slots that were taken when it was chosen, and when the service resumed. */
export type Candidate = {
  waiting: Waiting
  place: Place
  slots: readonly Slot[]
  resumedAtMs?: number | undefined
  /** The run as it was read a moment ago. */
  known?: Stored<Run> | undefined
}

const mostGrants = 200

/** A call for a try comes so much later, so that none whose clock is behind takes it for too early. */
const skewSeconds = 5

/**
 * Gives a service's free slots to the runs that wait, the one that waits longest first, whoever asks: nobody passes a run
 * whose worker is slow. Each that gets one is sent its start. While the service is paused and somebody waits, one message asks
 * for slots again when it is tried out next: nobody may be left by then who frees one.
 */
export async function grantSlots(ports: GrantSlotsPorts, service: TrainingServiceSettings): Promise<void> {
  for (let grants = 0; grants < mostGrants; grants++) {
    const next = await findNext(ports, service)
    if (next === undefined) return
    const known = await ports.readRun(next.waiting)
    if (known === undefined || !isWaiting(known.value, service, next.waiting, ports.now())) {
      await ports.removeWaiting(service.name, next.waiting)
      continue
    }
    if ((await admission(ports, service, next.health)) === 'closed') return
    const granted = await grantSlot(ports, service, { ...next, known })
    if (granted === 'stale') await ports.removeWaiting(service.name, next.waiting)
    else if (granted !== 'conflict') await callUp(ports, service, next.waiting)
  }
}

/** Leaves the line last: whoever looks next goes on from a crash in between. */
async function callUp(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
  waiting: Waiting,
): Promise<void> {
  const { customerId, model } = waiting
  await ports.sendStart({ v: 1, customerId, model }, 0)
  await ports.removeWaiting(service.name, waiting)
}

async function findNext(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
): Promise<(Candidate & { health: SlotBoard['health'] }) | undefined> {
  let page = await ports.listWaiting(service.name, undefined)
  if (page.items.length === 0) return undefined
  const { slots, health } = await ports.readSlots(service.name)
  if (startMode(health?.value, ports.now()) === 'closed') {
    await callForTry(ports, service, { health, first: page.items[0] })
    return undefined
  }
  const random = ports.random()
  for (;;) {
    await settleSeated(ports, service, { line: page.items, slots })
    const found = nextInLine(page.items, slots, service, random)
    if (found !== undefined) return { ...found, slots, health, resumedAtMs: health?.value.resumedAtMs }
    if (page.next === undefined) return undefined
    if (slots.length >= service.maxJobsInFlight) return undefined
    page = await ports.listWaiting(service.name, page.next)
  }
}

/**
 * Sends the message that asks for slots at the service's next try, once for each; it carries the ids of a run that waits. Sent
 * before it is noted: a worker that dies in between, or whose note conflicts, has it sent twice, which is harmless.
 */
async function callForTry(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
  { health, first }: { health: SlotBoard['health']; first: Waiting | undefined },
): Promise<void> {
  const called = health && calledHealth(health.value)
  if (health === undefined || called?.paused === undefined || first === undefined) return
  const { customerId, model } = first
  const waitSeconds = Math.max(0, Math.ceil((called.paused.probeAtMs - ports.now()) / 1000))
  await ports.sendStart({ v: 1, customerId, model, service: service.name }, waitSeconds + skewSeconds)
  await ports.writeHealth(service.name, { value: called, etag: health.etag })
}

/**
 * A paused service is tried out by one run at a time: whoever writes down that it is being tried may send one. Only asked for
 * a run that does wait: a row of the line that nobody stands for any more must not use the try up.
 */
async function admission(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
  health: Stored<ServiceHealth> | undefined,
): Promise<'open' | 'closed'> {
  const nowMs = ports.now()
  const mode = startMode(health?.value, nowMs)
  if (mode !== 'probe' || health === undefined) return mode === 'open' ? 'open' : 'closed'
  const change = { value: probedHealth(health.value, nowMs), etag: health.etag }
  return (await ports.writeHealth(service.name, change)) === 'committed' ? 'open' : 'closed'
}

/**
 * Runs that stand in line and have a place already: a worker was lost in between. The one whose row names the place is called
 * up, a place that its run doesn't name is nobody's.
 */
async function settleSeated(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
  { line, slots }: { line: readonly Waiting[]; slots: readonly Slot[] },
): Promise<void> {
  for (const waiting of line) {
    const slot = slots.find((taken) => isSameRun(taken, waiting))
    if (slot === undefined) continue
    const run = (await ports.readRun(waiting))?.value
    if (run?.slot === slot.token) await callUp(ports, service, waiting)
    else await ports.freeSlot(service.name, slot.token)
  }
}

/**
 * Gives a run its slot: its row names a fresh token first, then the place is taken. `stale`: the run needs none; `conflict`:
 * somebody else was faster, look again.
 */
export async function grantSlot(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
  { waiting, place, slots, resumedAtMs = 0, known }: Candidate,
): Promise<Run | 'stale' | 'conflict'> {
  const stored = known ?? (await ports.readRun(waiting))
  const nowMs = ports.now()
  if (stored === undefined || !isWaiting(stored.value, service, waiting, nowMs)) return 'stale'
  const { retry, slot: before } = stored.value
  if (slots.some(({ token }) => token === before)) return stored.value
  const waited = retry !== undefined && retry.sinceAtMs < resumedAtMs ? undefined : retry
  const run = { ...stored.value, slot: ports.newId(), retry: waited, updatedAtMs: nowMs }
  const change = { value: run, etag: stored.etag }
  if ((await ports.commit(waiting, { runs: [change] })) === 'conflict') return 'conflict'
  if (before !== undefined) await ports.freeSlot(service.name, before)
  return takePlace(ports, service, run, place)
}

/**
 * Takes the place that the run's row names, then reads the row once more: who takes a token off a row frees its place
 * afterwards, so that one of the two sees a place that was taken at that moment.
 */
async function takePlace(
  ports: GrantSlotsPorts,
  service: TrainingServiceSettings,
  run: Run & { slot: string },
  place: Place,
): Promise<Run | 'conflict'> {
  const nowMs = ports.now()
  const leaseUntilAtMs = nowMs + ports.slotLeaseSeconds * 1000
  const slot: Slot = { ...ids(run), ...place, token: run.slot, leaseUntilAtMs }
  if ((await ports.takeSlot(service.name, slot)) === 'conflict') return 'conflict'
  if ((await ports.readRun(run))?.value.slot !== slot.token) {
    await ports.freeSlot(service.name, slot.token)
    return 'conflict'
  }
  const waitedSeconds = Math.max(0, Math.round((nowMs - readyAtMs(run)) / 1000))
  ports.log.info({ ...ids(run), attempt: run.attempt, waitedSeconds }, `slot ${place.number} taken`)
  return run
}

/** Whether this row of the line is the run's own: an older one than its newest readiness is stale. */
function isWaiting(run: Run, service: TrainingServiceSettings, waiting: Waiting, nowMs: number): boolean {
  const isDue = run.retry === undefined || run.retry.dueAtMs <= nowMs + earlyMs
  if (run.state !== 'queued' || run.trainingService !== service.name || !isDue) return false
  return run.slot !== undefined || readyAtMs(run) === waiting.readyAtMs
}
