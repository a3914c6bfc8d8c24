import { createDeployedModels } from './definitions/deployedModels.ts'
import { loadExperiments } from './definitions/loadExperiments.ts'
import { type Publisher, publishWorkspace } from './definitions/publish.ts'
import { watchExperiments } from './definitions/watchExperiments.ts'
import type { Emulator } from './emulator.ts'
import type { WorkerPool } from './jobs/workerPool.ts'
import type { CompleteOptions } from './options.ts'
import { newId } from './state/ids.ts'
import type { Workspace } from './state/records.ts'

/** Publishes the experiment files, and whatever changes in them from then on. Answers how to stop that. */
export async function openWorkspaces(
  emulator: Emulator,
  pool: WorkerPool,
  options: CompleteOptions,
): Promise<() => Promise<void>> {
  const publish = createPublishing(emulator, pool, options)
  await publish()
  return watchExperiments(options.experiments, publish, options.report)
}

/**
 * Makes the function that reads the experiment files and publishes them in the seed's workspaces; without a seed in the
 * one there is, which the first start makes. Called again, it publishes what has changed since.
 */
function createPublishing(
  emulator: Emulator,
  pool: WorkerPool,
  options: CompleteOptions,
): () => Promise<void> {
  const { store, clock, temporaryFolder } = emulator
  return async () => {
    // Made anew each time: a model kept from before may have been swept since.
    const models = createDeployedModels({
      pool,
      files: emulator.models,
      blobs: emulator.blobs,
      container: options.container,
      places: options.dataPlaces,
      temporaryFolder,
      maxCells: options.maxCells,
    })
    const experiments = await loadExperiments(options.experiments)
    const publisher: Publisher = { store, clock, experiments, report: options.report, models }
    if (options.seed === undefined) return publishWorkspace(publisher, await ownWorkspace(emulator))
    for (const seeded of options.seed.workspaces) {
      const { id, name, token } = seeded
      await keepWorkspace(emulator, { id, name, token })
      await publishWorkspace(publisher, { id, name, token }, seeded)
    }
  }
}

async function keepWorkspace({ store }: Emulator, workspace: Workspace): Promise<void> {
  const there = store.workspace(workspace.id)
  if (JSON.stringify(there) !== JSON.stringify(workspace)) await store.put('workspace', workspace)
}

async function ownWorkspace({ store }: Emulator): Promise<Workspace> {
  const [there] = store.workspaces()
  if (there !== undefined) return there
  const workspace: Workspace = { id: newId(), name: 'Workspace', token: newId() }
  await store.put('workspace', workspace)
  return workspace
}
