import { emptyHead, type Head } from '../../shared/retraining/head.ts'
import type { ModelKey } from '../../shared/retraining/names.ts'
import type { Run } from '../../shared/retraining/run.ts'
import type { DropStore, RunStore } from '../../shared/retraining/stores.ts'
import type { CustomerLine } from '../view/lines.ts'
import { shortReason } from '../view/reason.ts'

/** The app's rows, read only. */
export type AppRows = Pick<RunStore, 'readHead' | 'readRun'> & Pick<DropStore, 'hasPending'>

/** What is known of a model at a moment: its head, its newest run, how far that run's job is, whether drops wait. */
export type Observation = ModelKey & { head: Head; run?: Run; share?: number; hasPending: boolean }

/** What observing needs: the app's rows and the emulator's word on a job. */
export type ObservePorts = { rows: AppRows; jobShare(jobId: string): Promise<number | undefined> }

/** Reads where a model stands. */
export async function observe(ports: ObservePorts, key: ModelKey): Promise<Observation> {
  const head = (await ports.rows.readHead(key))?.value ?? emptyHead
  const generation = head.lastGeneration
  const run = generation === 0 ? undefined : (await ports.rows.readRun({ ...key, generation }))?.value
  const share =
    run?.state === 'training' && run.jobId !== undefined ? await ports.jobShare(run.jobId) : undefined
  const hasPending = await ports.rows.hasPending(key)
  return { ...key, head, hasPending, ...(run && { run }), ...(share !== undefined && { share }) }
}

/** Whether a run is under way or drops wait for one. Pure. */
export function isBusy(observation: Observation): boolean {
  return observation.head.inFlight !== undefined || observation.hasPending
}

/** The line that shows an observation; time counts from `sinceMs`, and stands still once the run is over. Pure. */
export function toLine(observation: Observation, sinceMs: number, nowMs: number): CustomerLine {
  const { run } = observation
  const isCurrent =
    run !== undefined && (run.openedAtMs >= sinceMs || observation.head.inFlight !== undefined)
  const endMs = isCurrent ? (run.endedAtMs ?? nowMs) : nowMs
  return {
    customer: observation.customerId,
    elapsedSeconds: Math.max(0, endMs - sinceMs) / 1000,
    state: isCurrent ? run.state : observation.hasPending ? 'accepted' : 'dropped',
    ...(isCurrent && { generation: run.generation }),
    ...(observation.share !== undefined && { share: observation.share }),
    ...(isCurrent && run.reason !== undefined && { reason: shortReason(run.reason) }),
  }
}
