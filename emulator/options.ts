import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Seed } from './definitions/seed.ts'
import { defaultMaxCells, defaultMaxModelBytes } from './engine/index.ts'

/** How an emulator is started. All but the data folder have defaults. */
export type EmulatorOptions = {
  /** Where its own state lies; made where it is missing. */
  dataFolder: string
  /** Connection string of the storage that outputs go to; default: an Azurite of its own, in the data folder. */
  storage?: string
  /** Container for outputs without an override; default `experimentoutput`. */
  container?: string
  /** 0: any free one, the default. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Folders of experiment files; default: the ones that come with the emulator. */
  experiments?: readonly string[]
  /** CSV files and folders of them, where experiments' data sets are looked for. */
  dataPlaces?: readonly string[]
  /** Workspaces with given ids, tokens and keys. */
  seed?: Seed
  /** Whether `/admin` answers; default no. */
  admin?: boolean
  /** From a PATCH to the new model's first answer; default 30. */
  patchDelaySeconds?: number
  /** Worker threads; default one less than there are cores, at least one. */
  workers?: number
  /** Before and after now that results' tokens hold; default 5 and 55 minutes. */
  sasBeforeSeconds?: number
  sasAfterSeconds?: number
  /** How long jobs are known after their end; default 24. */
  jobRetentionHours?: number
  /** Jobs of one endpoint that may say Running; default 40. */
  runningJobsPerEndpoint?: number
  /** Default 10,000; 3 as in a free workspace. */
  maxEndpointsPerService?: number
  /** Of a job's input; default 1 GB. */
  maxInputBytes?: number
  maxCells?: number
  maxModelBytes?: number
  /** Model files kept decoded in memory, in bytes; default 256 MB. */
  modelCacheBytes?: number
  /** Epoch milliseconds; default the real clock. Tokens always go by the real clock. */
  now?: () => number
  /** Gets one line for each thing worth saying; default silence. */
  report?: (line: string) => void
}

/** The experiment files that come with the emulator. */
export const builtInExperiments = join(import.meta.dirname, 'experiments')

/** In bytes: 2^20. */
export const megabyte = 1024 * 1024

/** The options with every default filled in; `storage` and `seed` may stay absent. */
export function withDefaults(options: EmulatorOptions) {
  return {
    container: 'experimentoutput',
    port: 0,
    host: '127.0.0.1',
    experiments: [builtInExperiments],
    dataPlaces: [],
    admin: false,
    patchDelaySeconds: 30,
    workers: Math.max(1, availableParallelism() - 1),
    sasBeforeSeconds: 300,
    sasAfterSeconds: 3300,
    jobRetentionHours: 24,
    runningJobsPerEndpoint: 40,
    maxEndpointsPerService: 10_000,
    maxInputBytes: 1024 * megabyte,
    maxCells: defaultMaxCells,
    maxModelBytes: defaultMaxModelBytes,
    modelCacheBytes: 256 * megabyte,
    now: Date.now,
    report: () => {},
    ...options,
  }
}
export type CompleteOptions = ReturnType<typeof withDefaults>
