import { TerminalError } from './errors.ts'
import { oddMetrics, parseEvaluation } from './evaluation.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import type { ResourceLocation } from './services.ts'
import type { TrainingServiceSettings } from './settings.ts'
import type { Clock, Log, ModelArchive, RunStore } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What archiving a finished job needs. */
export type ArchiveJobPorts = Pick<RunStore, 'readRun' | 'commit'> &
  Pick<ModelArchive, 'archiveOutput' | 'readEvaluation'> &
  Pick<Clock, 'now'> & { log: Log }

/** A job's outputs by port, each with a SAS that was just asked for. */
export type JobOutputs = Readonly<Record<string, ResourceLocation>>

/**
 * Copies a finished job's model and evaluation into the archive and reads the metrics; only then is the run `trained`. One
 * that was cancelled meanwhile ends so at its next poll.
 * Throws TerminalError when the job has no such output port: it says which it has.
 */
export async function archiveJob(
  ports: ArchiveJobPorts,
  service: TrainingServiceSettings,
  run: Run,
  outputs: JobOutputs,
): Promise<Run | undefined> {
  const model = await ports.archiveOutput(
    run,
    `${run.attempt}/model.ilearner`,
    outputAt(outputs, service.modelPort),
  )
  const evaluation = await ports.archiveOutput(
    run,
    `${run.attempt}/evaluation.csv`,
    outputAt(outputs, service.evaluationPort),
  )
  const csv = await ports.readEvaluation(run, evaluation.name)
  const nowMs = ports.now()
  const text = `model archived, ${model.sizeBytes} bytes`
  const trained = await swapRun(ports, run, (fresh) =>
    fresh.state === 'training' && fresh.attempt === run.attempt && fresh.cancel === undefined
      ? {
          ...fresh,
          state: 'trained',
          archive: { model, evaluation },
          metrics: parseEvaluation(csv),
          oddMetrics: oddMetrics(csv),
          retry: undefined,
          slot: undefined,
          trainedAtMs: nowMs,
          updatedAtMs: nowMs,
          timeline: addEntry(fresh.timeline, nowMs, text),
        }
      : undefined,
  )
  if (trained !== undefined) ports.log.info({ ...ids(run), sizeBytes: model.sizeBytes }, 'model archived')
  return trained
}

function outputAt(outputs: JobOutputs, port: string): ResourceLocation {
  const location = outputs[port]
  if (location !== undefined) return location
  const names = Object.keys(outputs).join(', ') || 'none'
  throw new TerminalError(`Cannot archive the model: the job has no output port ${port}; it has ${names}`)
}
