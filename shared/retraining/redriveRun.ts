import { leftBehind } from './fence.ts'
import { emptyHead, type Head } from './head.ts'
import { ids, type RunKey } from './names.ts'
import { releaseSlot } from './releaseSlot.ts'
import type { ReviewSlotsPorts } from './reviewSlots.ts'
import { isEnded, isJobOver, type Run } from './run.ts'
import { swapPair } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What sending a run again needs. */
export type RedriveRunPorts = ReviewSlotsPorts

/** What became of it; `underWay` when the run is on its way already. */
export type Redrive =
  | { kind: 'redriven'; attempt: number }
  | { kind: 'underWay' }
  | { kind: 'refused'; reason: string }

/**
 * An operator sends an ended run again: a new attempt of the same generation, on the same input. Refused while another
 * generation is in flight, while the last attempt's job may still run, and where the generation could never be installed.
 * Doing it again changes nothing.
 */
export async function redriveRun(ports: RedriveRunPorts, key: RunKey): Promise<Redrive> {
  const run = (await ports.readRun(key))?.value
  if (run === undefined) return { kind: 'refused', reason: 'there is no such run' }
  const head = (await ports.readHead(key))?.value ?? emptyHead
  const early = judgeRedrive(run, head)
  if (early !== undefined) return early
  if (!(await isLastJobOver(ports, run))) {
    return { kind: 'refused', reason: 'the job of its last attempt may still run: it was told to stop' }
  }
  await releaseSlot(ports, run)
  const nowMs = ports.now()
  let late: Redrive | undefined
  const pair = await swapPair(ports, key, (fresh) => {
    late = judgeRedrive(fresh.run, fresh.head)
    if (late !== undefined || fresh.run.attempt !== run.attempt) return undefined
    return {
      run: redrivenRun(fresh.run, nowMs),
      head: { ...fresh.head, inFlight: key.generation },
    }
  })
  if (pair === undefined) return late ?? { kind: 'underWay' }
  ports.log.warn({ ...ids(key), attempt: pair.run.attempt }, 'run sent again by an operator')
  await ports.sendStart({ v: 1, customerId: key.customerId, model: key.model }, 0)
  return { kind: 'redriven', attempt: pair.run.attempt }
}

/** Why a run can't be sent again; undefined when it can. Pure. */
export function judgeRedrive(run: Run, head: Head): Redrive | undefined {
  const refused = (reason: string): Redrive => ({ kind: 'refused', reason })
  if (!isEnded(run.state)) return { kind: 'underWay' }
  if (run.state === 'live' || run.state === 'rejected') return refused(`the run is ${run.state}`)
  if (run.input === undefined) return refused('its generation has nothing to train on')
  if (head.inFlight !== undefined) return refused(`generation ${head.inFlight} is in flight`)
  const behind = run.generation <= (head.barred ?? 0) ? leftBehind(head, run.generation) : undefined
  if (behind !== undefined) return refused(`${behind}: roll back to it instead where it has a model`)
  const wasAllowed = run.generation === head.floor && run.update !== undefined
  if (run.generation <= head.floor && !wasAllowed) {
    return refused(`generation ${head.floor} was allowed to update since`)
  }
  return undefined
}

async function isLastJobOver(ports: RedriveRunPorts, run: Run): Promise<boolean> {
  if (run.jobId === undefined || run.archive !== undefined) return true
  const service = await ports.readTrainingService(run.trainingService)
  if (service === undefined) return true
  if (isJobOver(await ports.getJob(service, run.jobId))) return true
  await ports.deleteJob(service, run.jobId)
  return isJobOver(await ports.getJob(service, run.jobId))
}

function redrivenRun(run: Run, nowMs: number): Run {
  const { customerId, model, generation, manifest, input, trainedOn } = run
  const { trainingService, usualJobSeconds, openedAtMs, update } = run
  const attempt = run.attempt + 1
  return {
    ...{
      customerId,
      model,
      generation,
      manifest,
      input,
      trainedOn,
      trainingService,
      usualJobSeconds,
      openedAtMs,
    },
    ...{ state: 'queued', attempt, platformFailures: 0, redrivenAtMs: nowMs, updatedAtMs: nowMs },
    /** That it was allowed to update before lets it do so again at the floor. */
    update: update && { attempt: update.attempt, claimedAtMs: update.claimedAtMs },
    lives: run.lives,
    timeline: addEntry(run.timeline, nowMs, `sent again by an operator: attempt ${attempt}`),
  }
}
