import { readSettings } from './reader.ts'

/** What the real host fixes and this one lets a local stack or a test set, in the environment. */
export type Tuning = {
  /** How long a received message stays hidden from others; renewed at half. */
  dequeueLeaseSeconds: number
  blobScanMs: number
  /** How often a host that doesn't hold a lock asks for it. */
  lockRetryMs: number
  /** How long a stopping host waits for invocations. */
  drainMs: number
  /** This many worker failures within the window end the host. */
  workerErrorLimit: number
  workerErrorWindowMs: number
  workerStartMs: number
  /** Azurite sends no Event Grid events: containers with `source: 'EventGrid'` are scanned instead. */
  simulateEvents: boolean
}

const names = {
  dequeueLeaseSeconds: 'LOCAL_HOST_DEQUEUE_LEASE_SECONDS',
  blobScanMs: 'LOCAL_HOST_BLOB_SCAN_MS',
  lockRetryMs: 'LOCAL_HOST_LOCK_RETRY_MS',
  drainMs: 'LOCAL_HOST_DRAIN_MS',
  workerErrorLimit: 'LOCAL_HOST_WORKER_ERROR_LIMIT',
  workerErrorWindowMs: 'LOCAL_HOST_WORKER_ERROR_WINDOW_MS',
  workerStartMs: 'LOCAL_HOST_WORKER_START_MS',
  simulateEvents: 'LOCAL_HOST_SIMULATE_EVENTS',
} as const

/** Reads `LOCAL_HOST_...`; unset, each is what the real host does. Throws one Error that names every bad one. */
export function readTuning(environment: NodeJS.ProcessEnv): Tuning {
  const given = Object.entries(environment).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const reader = readSettings(new Map(given.map(([name, value]) => [name.toLowerCase(), value])))
  const tuning: Tuning = {
    dequeueLeaseSeconds: reader.whole(names.dequeueLeaseSeconds, 600, 1, 7 * 24 * 3600),
    blobScanMs: reader.whole(names.blobScanMs, 10_000, 10),
    lockRetryMs: reader.whole(names.lockRetryMs, 60_000, 10),
    drainMs: reader.whole(names.drainMs, 10_000, 0),
    workerErrorLimit: reader.whole(names.workerErrorLimit, 3, 1),
    workerErrorWindowMs: reader.whole(names.workerErrorWindowMs, 30 * 60_000, 1),
    workerStartMs: reader.whole(names.workerStartMs, 120_000, 1),
    simulateEvents: reader.oneOf(names.simulateEvents, ['true', 'false'], 'true') === 'true',
  }
  if (reader.problems.length > 0) {
    throw new Error(`Cannot read the local host's settings: ${reader.problems.join('; ')}`)
  }
  return tuning
}
