import { createDeployedModels } from './definitions/deployedModels.ts'
import { loadExperiments } from './definitions/loadExperiments.ts'
import { type Publisher, publishWorkspace } from './definitions/publish.ts'
import type { Emulator } from './emulator.ts'
import type { WorkerPool } from './jobs/workerPool.ts'
import type { CompleteOptions } from './options.ts'
import { newId } from './state/ids.ts'
import type { Workspace } from './state/records.ts'

/** Publishes the experiments in the seed's workspaces; without a seed in the one there is, which the first start makes. */
export async function openWorkspaces(
  emulator: Emulator,
  pool: WorkerPool,
  options: CompleteOptions,
): Promise<void> {
  const { store, clock, temporaryFolder } = emulator
  const publisher: Publisher = {
    store,
    clock,
    experiments: await loadExperiments(options.experiments),
    report: options.report,
    models: createDeployedModels({
      pool,
      files: emulator.models,
      blobs: emulator.blobs,
      container: options.container,
      places: options.dataPlaces,
      temporaryFolder,
      maxCells: options.maxCells,
    }),
  }
  if (options.seed === undefined) {
    await publishWorkspace(publisher, await ownWorkspace(emulator))
    return
  }
  for (const seeded of options.seed.workspaces) {
    const { id, name, token } = seeded
    const workspace: Workspace = { id, name, token }
    await store.put('workspace', workspace)
    await publishWorkspace(publisher, workspace, seeded)
  }
}

async function ownWorkspace({ store }: Emulator): Promise<Workspace> {
  const [there] = store.workspaces()
  if (there !== undefined) return there
  const workspace: Workspace = { id: newId(), name: 'Workspace', token: newId() }
  await store.put('workspace', workspace)
  return workspace
}
