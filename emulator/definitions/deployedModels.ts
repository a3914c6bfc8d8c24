import { randomUUID } from 'node:crypto'
import { access, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { PredictiveExperiment, TrainingExperiment } from '../experiment.ts'
import { TaskFailed } from '../jobs/task.ts'
import type { WorkerPool } from '../jobs/workerPool.ts'
import type { ModelFiles } from '../state/modelFiles.ts'
import type { Blobs } from '../storage/blobs.ts'
import { dataSetCandidates, type LoadedExperiment } from './loadExperiments.ts'

/** The models that predictive web services are deployed with, trained on the data set that their experiment names. */
export type DeployedModels = {
  /** The model, `none` where the experiment needs none, or why it can't be had. */
  deploy(loaded: LoadedExperiment): Promise<Deployed>
}

/** `model` is its id, `location` its blob in the emulator's storage (`container/path`). */
export type Deployed = { model: string; location: string } | { missing: string } | 'none'

export type DeployedModelsParts = {
  pool: WorkerPool
  files: ModelFiles
  blobs: Blobs
  /** Where the models are put for clients to read. */
  container: string
  /** CSV files and folders of them, where data sets are looked for. */
  places: readonly string[]
  temporaryFolder: string
  maxCells: number
}

/** Trains each experiment's model once, also when several workspaces publish it. */
export function createDeployedModels(parts: DeployedModelsParts): DeployedModels {
  const trained = new Map<string, Promise<Deployed>>()
  return {
    async deploy(loaded) {
      const { definition, key } = loaded
      if (definition.kind !== 'predictive') return 'none'
      const known = trained.get(key)
      if (known !== undefined) return known
      const model = train(parts, loaded.file, definition)
      trained.set(key, model)
      return model
    },
  }
}

type Predictive = { experiment: PredictiveExperiment; training: TrainingExperiment }

async function train(
  parts: DeployedModelsParts,
  file: string,
  { experiment, training }: Predictive,
): Promise<Deployed> {
  const name = experiment.trainedModel.trainedOn
  const dataSet = await findFirst(dataSetCandidates(file, name, parts.places))
  if (dataSet === undefined) {
    const data = basename(name)
    return {
      missing: `its data set ${data} was not found; bring it with --data FOLDER (a folder that holds ${data})`,
    }
  }
  const stem = join(parts.temporaryFolder, randomUUID())
  const outputFiles = {
    [training.outputs.model]: `${stem}.ilearner`,
    [training.outputs.evaluation]: `${stem}.csv`,
  }
  try {
    await parts.pool.run(
      {
        definition: { kind: 'training', experiment: training },
        inputFiles: { [training.inputPort]: dataSet },
        outputFiles,
        parameters: {},
        maxCells: parts.maxCells,
      },
      { signal: new AbortController().signal },
    )
    const model = await parts.files.keep(await readFile(`${stem}.ilearner`))
    const location = `${parts.container}/deployed/${model}.ilearner`
    await parts.blobs.upload({ kind: 'own', relativeLocation: location }, parts.files.path(model))
    return { model, location }
  } catch (error) {
    if (error instanceof TaskFailed)
      return { missing: `it cannot be trained on ${dataSet}: ${error.message}` }
    throw error
  } finally {
    await Promise.all(Object.values(outputFiles).map((output) => rm(output, { force: true })))
  }
}

async function findFirst(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    const found = await access(candidate).then(
      () => true,
      () => false,
    )
    if (found) return candidate
  }
  return undefined
}
