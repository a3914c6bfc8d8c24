import { concurrently } from './concurrently.ts'
import { grantSlots } from './grantSlots.ts'
import { ids } from './names.ts'
import { type ReleaseSlotPorts, releaseSlot } from './releaseSlot.ts'
import { isEnded, isJobOver, type Run } from './run.ts'
import type { TrainingServiceSettings } from './settings.ts'
import type { Slot } from './slots.ts'
import { discardUnstarted, type StartJobPorts } from './startJob.ts'
import { swapRun } from './swap.ts'
import { textOf } from './trouble.ts'

/** What looking after a service's slots needs. */
export type ReviewSlotsPorts = ReleaseSlotPorts & StartJobPorts

/** Slots of one service that are looked after at once: each is a call of it, that may hang. */
const atOnce = 8

/**
 * Looks after the slots whose lease ran out: their workers may be gone. One that no run names is free; of the others the
 * job is asked for: over, the slot is free; running, it is held on; never started, the job is discarded. Then gives out
 * what is free. Begins with any of them and with none after `endsAtMs`, so that a service that does not answer takes neither
 * all of a tick nor every turn of the same slots.
 */
export async function reviewSlots(
  ports: ReviewSlotsPorts,
  service: TrainingServiceSettings,
  endsAtMs: number,
): Promise<void> {
  const { slots } = await ports.readSlots(service.name)
  const due = slots.filter(({ leaseUntilAtMs }) => leaseUntilAtMs <= ports.now())
  const first = Math.floor(ports.random() * due.length)
  await concurrently([...due.slice(first), ...due.slice(0, first)], atOnce, async (slot) => {
    if (ports.now() >= endsAtMs) return
    try {
      await reviewSlot(ports, service, slot)
    } catch (error) {
      const reason = ports.redact(textOf(error))
      ports.log.warn({ ...ids(slot) }, `slot ${slot.number} was not reviewed: ${reason}`)
    }
  })
  await grantSlots(ports, service)
}

async function reviewSlot(
  ports: ReviewSlotsPorts,
  service: TrainingServiceSettings,
  slot: Slot,
): Promise<void> {
  const run = (await ports.readRun(slot))?.value
  if (run === undefined || run.slot !== slot.token) {
    await ports.freeSlot(service.name, slot.token)
    return
  }
  if (run.state === 'queued') return putBack(ports, run, slot)
  const job = run.jobId === undefined ? 'gone' : await ports.getJob(service, run.jobId)
  if (isJobOver(job) || (isEnded(run.state) && (await stopJob(ports, service, run)))) {
    await ports.freeSlot(service.name, slot.token)
    return
  }
  if (run.state === 'submitted') return takeOver(ports, service, run, slot)
  await renew(ports, service, slot)
}

/** The job of a run that gave up: whether it is over now. */
async function stopJob(
  ports: ReviewSlotsPorts,
  service: TrainingServiceSettings,
  run: Run,
): Promise<boolean> {
  const jobId = run.jobId ?? ''
  await ports.deleteJob(service, jobId)
  return isJobOver(await ports.getJob(service, jobId))
}

/** A job that never started: started now if only its worker was lost, discarded if starting it fails. */
async function takeOver(
  ports: ReviewSlotsPorts,
  service: TrainingServiceSettings,
  run: Run,
  slot: Slot,
): Promise<void> {
  if (run.retry !== undefined && run.jobId !== undefined) {
    if ((await discardUnstarted(ports, service, run, 'the job did not start')) === 'discarded') return
  }
  await renew(ports, service, slot)
  await ports.sendStart({ v: 1, customerId: run.customerId, model: run.model }, 0)
}

function renew(ports: ReviewSlotsPorts, service: TrainingServiceSettings, slot: Slot): Promise<void> {
  const leaseUntilAtMs = ports.now() + ports.slotLeaseSeconds * 1000
  return ports.renewSlot(service.name, { ...slot, leaseUntilAtMs })
}

/** The run has no job on record: it gives the slot back and stands in line again when its start comes. */
async function putBack(ports: ReviewSlotsPorts, run: Run, slot: Slot): Promise<void> {
  const nowMs = ports.now()
  const changed = await swapRun(ports, run, (fresh) =>
    fresh.state === 'queued' && fresh.slot === slot.token
      ? { ...fresh, slot: undefined, updatedAtMs: nowMs }
      : undefined,
  )
  if (changed === undefined) return
  await releaseSlot(ports, run)
  await ports.sendStart({ v: 1, customerId: run.customerId, model: run.model }, 0)
}
