import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createFaults } from './admin/faults.ts'
import { createDiagnostics, type Diagnostics } from './diagnostics/diagnostics.ts'
import { logJobEnd } from './diagnostics/observe.ts'
import type { Emulator, Settings } from './emulator.ts'
import { createJobFiles } from './jobs/jobFiles.ts'
import { createJobRunner } from './jobs/runner.ts'
import { createWorkerPool, type WorkerPool } from './jobs/workerPool.ts'
import type { CompleteOptions } from './options.ts'
import { createModelCache, liveModel } from './scoring/modelCache.ts'
import { createModelReader } from './scoring/modelReader.ts'
import { type Clock, createClock } from './state/clock.ts'
import { openModelFiles } from './state/modelFiles.ts'
import { isFinal } from './state/records.ts'
import { openStore, type Store } from './state/store.ts'
import { createBlobLog } from './storage/blobLog.ts'
import { createBlobs } from './storage/blobs.ts'

/** Opens the state in the data folder and makes the emulator's parts; `closers` gets what has to be closed, in order of opening. */
export async function assemble(
  options: CompleteOptions,
  storage: string,
  closers: (() => Promise<void> | void)[],
): Promise<{ emulator: Emulator; pool: WorkerPool }> {
  const { store, models, temporaryFolder } = await openFolder(options.dataFolder, closers)
  const clock = createClock(options.now)
  const pool = createWorkerPool(options.workers)
  const blobs = createBlobs(storage)
  await blobs.ensureContainer(options.container)
  const reader = createModelReader()
  const diagnostics = openDiagnostics(options, storage)
  const runner = createJobRunner({
    store,
    pool,
    clock,
    models,
    files: createJobFiles(join(options.dataFolder, 'jobs'), blobs),
    modelOf: (endpointId) => modelOf(store, clock, endpointId),
    onEnd: (job) => logJobEnd({ store, diagnostics }, job),
    limits: options,
    report: options.report,
  })
  // Closed in the opposite order: first the runner, so that what its workers leave undone is not taken for failed.
  const parts = [diagnostics, clock, pool, reader, runner]
  closers.push(...parts.map((part) => () => part.close()))
  const emulator: Emulator = {
    settings: settingsOf(options),
    ...{ store, clock, runner, models, blobs, diagnostics, temporaryFolder },
    cache: createModelCache(models, reader, options.modelCacheBytes),
    reader,
    faults: createFaults(),
    scoringCalls: new Map(),
    realNowMs: Date.now,
  }
  return { emulator, pool }
}

function openDiagnostics({ report }: CompleteOptions, storage: string): Diagnostics {
  return createDiagnostics({ append: createBlobLog(storage, 'ml-diagnostics'), nowMs: Date.now, report })
}

/** The model that an endpoint answers with now. */
function modelOf(store: Store, clock: Clock, endpointId: string): string | undefined {
  const [resource] = store.endpoint(endpointId)?.resources ?? []
  return resource === undefined ? undefined : liveModel(resource.installs, clock.nowMs())
}

async function openFolder(folder: string, closers: (() => Promise<void> | void)[]) {
  const temporaryFolder = join(folder, 'temporary')
  await rm(temporaryFolder, { recursive: true, force: true })
  await mkdir(temporaryFolder)
  const store = await openStore(folder)
  closers.push(() => store.close())
  await removeOldJobFolders(join(folder, 'jobs'), store)
  return { store, temporaryFolder, models: await openModelFiles(join(folder, 'models')) }
}

/** Removes the folders of jobs that need theirs no more: what a crash left behind. */
async function removeOldJobFolders(folder: string, store: Store): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const id of await readdir(folder)) {
    const job = store.job(id)
    if (job === undefined || isFinal(job)) await rm(join(folder, id), { recursive: true, force: true })
  }
}

function settingsOf(options: CompleteOptions): Settings {
  return {
    patchDelayMs: options.patchDelaySeconds * 1000,
    sasBeforeMs: options.sasBeforeSeconds * 1000,
    sasAfterMs: options.sasAfterSeconds * 1000,
    jobRetentionMs: options.jobRetentionHours * 3_600_000,
    maxModelBytes: options.maxModelBytes,
    maxEndpointsPerService: options.maxEndpointsPerService,
    container: options.container,
    admin: options.admin,
  }
}
