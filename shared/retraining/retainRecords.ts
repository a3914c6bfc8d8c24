import type { LandedBlob } from './drop.ts'
import { parseDropPath } from './names.ts'
import { cutoffMs, type RetentionSettings } from './retention.ts'
import type { Clock, ExclusionStore, Log } from './stores.ts'

/** Lists that grow with time, each row with the instant its time counts from; without one it stays. */
export type RecordKind = 'deadLetters' | 'unclaimed' | 'audit'

/** A row as retention sees it. */
export type OldRecord = { rowKey: string; etag: string; atMs?: number | undefined }

/** The lists, the landed blobs, and where the walk over the models stopped. */
export type RetainRecordsPorts = {
  listOld(
    kind: RecordKind,
    page: { size: number; next?: string },
  ): Promise<{ records: OldRecord[]; next?: string }>
  removeOld(kind: RecordKind, record: OldRecord): Promise<void>
  listOldDrops(next: string | undefined): Promise<{ blobs: LandedBlob[]; next?: string | undefined }>
  /** Removes this version; a newer one of the same name stays. */
  removeDrop(name: string, etag: string): Promise<void>
  readRetentionPlace(): Promise<{ next?: string | undefined }>
  writeRetentionPlace(place: { next?: string | undefined }): Promise<void>
}

/** What going through the lists needs. */
export type RecordPorts = RetainRecordsPorts &
  Pick<ExclusionStore, 'readDrop'> &
  Pick<Clock, 'now'> & {
    log: Log
    retention: RetentionSettings
    dropId(name: string, etag: string): string
  }

const pageSize = 500
const mostPages = 20

/** How many rows of each list have outlived their time; `apply` removes them. The newest come first, so a tick ends early. */
export async function retainRecords(ports: RecordPorts, apply: boolean): Promise<Record<RecordKind, number>> {
  const { deadLettersDays, unclaimedDays, auditDays } = ports.retention
  return {
    deadLetters: await retainList(ports, 'deadLetters', deadLettersDays, apply),
    unclaimed: await retainList(ports, 'unclaimed', unclaimedDays, apply),
    audit: await retainList(ports, 'audit', auditDays, apply),
  }
}

async function retainList(
  ports: RecordPorts,
  kind: RecordKind,
  days: number,
  apply: boolean,
): Promise<number> {
  const beforeMs = cutoffMs(days, ports.now())
  if (beforeMs === undefined) return 0
  let count = 0
  let next: string | undefined
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await ports.listOld(kind, next === undefined ? { size: pageSize } : { size: pageSize, next })
    const old = page.records.filter(({ atMs }) => atMs !== undefined && atMs < beforeMs)
    count += old.length
    if (apply) for (const record of old) await ports.removeOld(kind, record)
    next = page.next
    if (next === undefined) break
  }
  if (apply && count > 0) ports.log.info({ done: count }, `removed after their time: ${kind}`)
  return count
}

/**
 * How many landed blobs have outlived their time: only ones that a generation took and copied, or that were unchanged; what
 * waits, what is left out before any generation took it and what nobody claimed stays. `apply` removes them.
 */
export async function retainDrops(ports: RecordPorts, apply: boolean): Promise<number> {
  const beforeMs = cutoffMs(ports.retention.dropsDays, ports.now())
  if (beforeMs === undefined) return 0
  let count = 0
  let next: string | undefined
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await ports.listOldDrops(next)
    for (const blob of page.blobs) {
      if (blob.lastModifiedMs >= beforeMs || !(await isTaken(ports, blob))) continue
      count++
      if (apply) await ports.removeDrop(blob.name, blob.etag)
    }
    next = page.next
    if (next === undefined) break
  }
  if (apply && count > 0) ports.log.info({ done: count }, 'removed after their time: drops')
  return count
}

async function isTaken(ports: RecordPorts, blob: LandedBlob): Promise<boolean> {
  const path = parseDropPath(blob.name)
  if (path.kind === 'misfit') return false
  const drop = (await ports.readDrop(path, ports.dropId(blob.name, blob.etag)))?.value
  return drop !== undefined && (drop.state === 'unchanged' || drop.generation !== undefined)
}
