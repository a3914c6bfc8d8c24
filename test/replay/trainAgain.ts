import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { trainJob } from '../../emulator/engine/index.ts'
import type { Experiment, TrainingExperiment } from '../../emulator/experiment.ts'
import type { RunExport } from '../../shared/retraining/exportRun.ts'
import { lastAnswer } from '../../shared/retraining/wireAnswers.ts'

/** What training anew came to. `other`: it gives another model file. `none`: no experiment takes the data. */
export type Trained =
  | { kind: 'same'; experiment: string; sha256: string }
  | { kind: 'other'; tried: { experiment: string; sha256: string }[]; expected: string }
  | { kind: 'none'; reason: string }

const folder = join(import.meta.dirname, '..', '..', 'emulator', 'experiments')

/**
 * Trains on the exported rows with the emulator's engine, which gives the same bytes for the same rows, and compares the model's
 * checksum with the one that was archived and stands in the passport. `wanted` names the experiment; else each one is tried
 * whose ports and columns fit.
 */
export async function trainAgain({ run, passport, input }: RunExport, wanted?: string): Promise<Trained> {
  const expected = passport?.modelFile.sha256 ?? run.archive?.model.sha256
  if (input === undefined || expected === undefined)
    return { kind: 'none', reason: 'the export has no training rows, or the run no model' }
  const service = lastAnswer<{ inputPort: string; modelPort: string }>(run.answers, 'service')
  const header = new Set(headerOf(input))
  const fitting = (await readExperiments()).filter(
    ({ key, experiment }) => wanted === key || (wanted === undefined && fits(experiment, service, header)),
  )
  if (fitting.length === 0)
    return { kind: 'none', reason: 'no experiment of the emulator takes these columns' }
  const tried: { experiment: string; sha256: string }[] = []
  for (const { key, experiment } of fitting) {
    const { model } = trainJob(experiment, new TextEncoder().encode(input))
    const sha256 = createHash('sha256').update(model).digest('hex')
    if (sha256 === expected) return { kind: 'same', experiment: key, sha256 }
    tried.push({ experiment: key, sha256 })
  }
  return { kind: 'other', tried, expected }
}

async function readExperiments(): Promise<{ key: string; experiment: TrainingExperiment }[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const all = await Promise.all(
    files.map(async (name) => ({
      key: name.replace(/\.json$/, ''),
      experiment: JSON.parse(await readFile(join(folder, name), 'utf8')) as Experiment,
    })),
  )
  return all.flatMap(({ key, experiment }) => (experiment.kind === 'training' ? [{ key, experiment }] : []))
}

function fits(
  { inputPort, outputs, columns, label }: TrainingExperiment,
  service: { inputPort: string; modelPort: string } | undefined,
  header: ReadonlySet<string>,
): boolean {
  const isPorts =
    service === undefined || (service.inputPort === inputPort && service.modelPort === outputs.model)
  return isPorts && [...columns.map(({ name }) => name), label.column].every((name) => header.has(name))
}

function headerOf(csv: string): string[] {
  const line = csv.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? ''
  return line.split(',').map((name) => name.replace(/^"|"$/g, ''))
}
