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
  const tellOfOrphans = createOrphanReport(emulator, options.report)
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
    if (options.seed === undefined) await publishWorkspace(publisher, await ownWorkspace(emulator))
    for (const seeded of options.seed?.workspaces ?? []) {
      const { id, name, token } = seeded
      await keepWorkspace(emulator, { id, name, token })
      await publishWorkspace(publisher, { id, name, token }, seeded)
    }
    tellOfOrphans(new Set(experiments.map(({ key }) => key)))
  }
}

/** Tells once of each web service whose experiment file is gone: it answers on with what it was published with. */
function createOrphanReport({ store }: Emulator, report: (line: string) => void) {
  const told = new Set<string>()
  return (keys: ReadonlySet<string>) => {
    const services = [...store.workspaces()].flatMap((workspace) => store.webServicesOf(workspace.id))
    for (const { id, name, experiment } of services) {
      if (keys.has(experiment)) told.delete(id)
      else if (!told.has(id)) {
        told.add(id)
        report(
          `${name} stays as it is: its experiment file ${experiment} is gone; delete the web service to be rid of it`,
        )
      }
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
