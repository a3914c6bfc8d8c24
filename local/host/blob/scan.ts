import { inLanes } from '../inLanes.ts'
import { type HostLog, reasonOf } from '../log.ts'
import type { BlobVersion, DataContainer } from '../storage/dataContainer.ts'
import type { StateBlobs } from '../storage/stateBlobs.ts'
import type { BlobMessage } from './blobMessage.ts'
import type { PathPattern } from './pathPattern.ts'

/** A function that a container's blobs start. `firstSweep`: whether blobs older than the first start of the host do so too. */
export type BlobSubscriber = { functionId: string; pattern: PathPattern; firstSweep: 'all' | 'newOnly' }

/** What sweeping a container needs. `notify` is `busy` when the version must be offered again. */
export type ScanPorts = {
  container: DataContainer
  state: StateBlobs
  hostId: string
  /** When the host started, epoch milliseconds: blobs since then are new, however late the first sweep is. */
  hostStartedMs: number
  notify(message: BlobMessage): Promise<'notified' | 'known' | 'busy'>
  now(): number
  log: HostLog
}

/** Sweeps a container again and again; what it saw last is kept in memory, where to go on from in a checkpoint. */
export type Scanner = { sweep(): Promise<void> }

/**
 * Creates a scanner: each sweep lists the container page by page and offers what was modified since the last complete one.
 * The checkpoint is never later than the start of its sweep, so that a blob written behind the cursor is seen by the next.
 * Source: ScanBlobScanLogHybridPollingStrategy, StorageBlobScanInfoManager (functions-host.md 2.2).
 */
export function createScanner(ports: ScanPorts, subscribers: readonly BlobSubscriber[]): Scanner {
  let settled = new Set<string>()
  let sinceMs: number | undefined
  return {
    sweep: async () => {
      const startedAtMs = ports.now()
      const checkpointMs = sinceMs ?? (await readCheckpoint(ports))
      const isFirst = checkpointMs === undefined
      const seen = new Set<string>()
      const newFromMs = isFirst ? wholeSecond(ports.hostStartedMs) : 0
      const found = await offerAll(ports, subscribers, {
        fromMs: checkpointMs ?? 0,
        newFromMs,
        settled,
        seen,
      })
      settled = seen
      if (found.isBusy) {
        sinceMs = checkpointMs
        return
      }
      const startMs = wholeSecond(startedAtMs)
      const skips = isFirst && subscribers.some(({ firstSweep }) => firstSweep === 'newOnly')
      const newestMs = skips ? startMs : Math.min(found.newestMs, startMs)
      sinceMs = Math.max(checkpointMs ?? 0, newestMs)
      if (sinceMs !== checkpointMs) await writeCheckpoint(ports, sinceMs)
    },
  }
}

const offersAtOnce = 8

/** `newFromMs`: older blobs are not for those that want new ones only. */
type Sweep = { fromMs: number; newFromMs: number; settled: ReadonlySet<string>; seen: Set<string> }

async function offerAll(ports: ScanPorts, subscribers: readonly BlobSubscriber[], sweep: Sweep) {
  let newestMs = 0
  let isBusy = false
  let next: string | undefined
  do {
    const page = await ports.container.list(next)
    for (const blob of page.blobs) newestMs = Math.max(newestMs, blob.lastModifiedMs)
    const candidates = page.blobs.filter(({ lastModifiedMs }) => lastModifiedMs >= sweep.fromMs)
    await inLanes(candidates, offersAtOnce, async (blob) => {
      if (await offer(ports, subscribers, blob, sweep)) isBusy = true
    })
    next = page.next
  } while (next !== undefined)
  return { newestMs, isBusy }
}

async function offer(
  ports: ScanPorts,
  subscribers: readonly BlobSubscriber[],
  blob: BlobVersion,
  sweep: Sweep,
) {
  let isBusy = false
  for (const { functionId, pattern, firstSweep } of subscribers) {
    if (firstSweep === 'newOnly' && blob.lastModifiedMs < sweep.newFromMs) continue
    if (pattern.match(blob.name) === undefined) continue
    const key = `${functionId}\n${blob.name}\n${blob.etag}`
    if (sweep.settled.has(key) || (await isOffered(ports, functionId, blob))) sweep.seen.add(key)
    else isBusy = true
  }
  return isBusy
}

/** One blob that can't be told of doesn't hold up the others: it is offered again by the next sweep. */
async function isOffered(ports: ScanPorts, functionId: string, blob: BlobVersion): Promise<boolean> {
  const { name: blobName, blobType, etag } = blob
  try {
    const containerName = ports.container.name
    return (await ports.notify({ functionId, blobType, containerName, blobName, etag })) !== 'busy'
  } catch (thrown) {
    ports.log.warn(`Cannot tell ${functionId} of blob ${blobName}: ${reasonOf(thrown)}`)
    return false
  }
}

/** LastModified has whole seconds: a blob written later in the same second must still be at or after the checkpoint. */
function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

function checkpointName({ hostId, container }: ScanPorts): string {
  return `blobscaninfo/${hostId}/${container.account}/${container.name}/scanInfo`
}

async function readCheckpoint(ports: ScanPorts): Promise<number | undefined> {
  const found = await ports.state.read(checkpointName(ports))
  if (found === undefined) return undefined
  const { LatestScan } = JSON.parse(found.text) as { LatestScan?: string }
  const ms = Date.parse(LatestScan ?? '')
  return Number.isNaN(ms) ? undefined : ms
}

async function writeCheckpoint(ports: ScanPorts, ms: number): Promise<void> {
  await ports.state.write(
    checkpointName(ports),
    JSON.stringify({ LatestScan: new Date(ms - 1).toISOString() }),
  )
}
