import type { Faults } from './admin/faults.ts'
import type { Diagnostics } from './diagnostics/diagnostics.ts'
import type { JobRunner } from './jobs/runner.ts'
import type { ModelCache } from './scoring/modelCache.ts'
import type { ModelReader } from './scoring/modelReader.ts'
import type { Clock } from './state/clock.ts'
import type { ModelFiles } from './state/modelFiles.ts'
import type { Store } from './state/store.ts'
import type { Blobs } from './storage/blobs.ts'

/** What the emulator does not derive from requests. Times are milliseconds. */
export type Settings = {
  /** From a PATCH's answer until the new model scores: about 30 s at the service. */
  patchDelayMs: number
  /** From now back to `st`, and on to `se`, of the tokens in results. */
  sasBeforeMs: number
  sasAfterMs: number
  /** How long a job is known after its end, or after its submission when it never started. */
  jobRetentionMs: number
  maxModelBytes: number
  /** 10,000 at the service; 3, the default one counted, in a free workspace. */
  maxEndpointsPerService: number
  /** The container of the emulator's storage where outputs without an override go. */
  container: string
  /** The /admin routes answer. */
  admin: boolean
}

/** The parts that the operations work with. */
export type Emulator = {
  settings: Settings
  store: Store
  clock: Clock
  runner: JobRunner
  models: ModelFiles
  cache: ModelCache
  reader: ModelReader
  blobs: Blobs
  faults: Faults
  diagnostics: Diagnostics
  /** RRS requests under way, by endpoint id. */
  scoringCalls: Map<string, number>
  /** A folder for files in passing. */
  temporaryFolder: string
  /** Real time in epoch milliseconds, for tokens. */
  realNowMs(): number
}
