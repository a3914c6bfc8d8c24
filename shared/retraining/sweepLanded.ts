import { type AcceptDropPorts, acceptDrop } from './acceptDrop.ts'
import { concurrently } from './concurrently.ts'
import type { LandedBlob } from './drop.ts'
import { TerminalError } from './errors.ts'
import { parseDropPath } from './names.ts'
import type { ExclusionStore } from './stores.ts'
import {
  afterMissing,
  isUnderWay,
  nextSweep,
  type SweepCursor,
  type SweepName,
  stoppedBefore,
} from './sweep.ts'
import { textOf } from './trouble.ts'

/** What sweeping needs. `sweepPages`: how many pages of blobs a tick lists at most; `tickSeconds`: how long each sweep works. */
export type SweepLandedPorts = AcceptDropPorts &
  Pick<ExclusionStore, 'readDrop'> & {
    /** A page of blobs in name order: the one that `next` asks for, or from the name `from` on. */
    listLanded(place: {
      next?: string | undefined
      from?: string | undefined
    }): Promise<{ items: LandedBlob[]; next?: string | undefined }>
    readSweepCursor(name: SweepName): Promise<SweepCursor>
    writeSweepCursor(name: SweepName, cursor: SweepCursor): Promise<void>
    redact(text: string): string
    sweepPages: number
    tickSeconds: number
  }

const atOnce = 8

/**
 * Takes up landed blobs that have no record: their event got lost. A tick lists so many pages at most and goes on there at
 * the next, however large the container is. Once old days were skipped, one page a tick is looked at of all that there is:
 * a blob of today with an old day in its name is found late, but found.
 */
export async function sweepLanded(ports: SweepLandedPorts): Promise<void> {
  const recent = await sweepPages(ports, 'recent', ports.sweepPages)
  if (recent.skips) await sweepPages(ports, 'whole', 1)
}

async function sweepPages(ports: SweepLandedPorts, name: SweepName, pages: number): Promise<SweepCursor> {
  const endsAtMs = ports.now() + ports.tickSeconds * 1000
  let cursor = await ports.readSweepCursor(name)
  let left = pages
  do {
    const { next, from } = cursor
    const page = await ports.listLanded({ next, from })
    const nowMs = ports.now()
    const sweep = nextSweep(cursor, page, { name, nowMs })
    const taken = await concurrently(sweep.due, atOnce, async (blob) =>
      ports.now() < endsAtMs ? acceptOne(ports, blob) : 'late',
    )
    const missed = sweep.due.filter((_blob, index) => taken[index] === 'missed')
    const late = sweep.due[taken.indexOf('late')]
    cursor = afterMissing(late === undefined ? sweep.cursor : stoppedBefore(cursor, late, nowMs), missed)
    await ports.writeSweepCursor(name, cursor)
  } while (isUnderWay(cursor) && --left > 0 && ports.now() < endsAtMs)
  return cursor
}

/** Whether this very version has its record: whatever else is missing, its model's own turn of the walk puts it right. */
async function isRecorded(ports: SweepLandedPorts, blob: LandedBlob): Promise<boolean> {
  const path = parseDropPath(blob.name)
  if (path.kind === 'misfit') return false
  return (await ports.readDrop(path, ports.dropId(blob.name, blob.etag))) !== undefined
}

/** What can't be accepted for good (settings that are damaged) is listed as unclaimed and taken up once they are repaired. */
async function acceptOne(ports: SweepLandedPorts, blob: LandedBlob): Promise<'taken' | 'missed'> {
  try {
    if (!(await isRecorded(ports, blob))) await acceptDrop(ports, blob.name)
    return 'taken'
  } catch (error) {
    const reason = ports.redact(textOf(error))
    ports.log.error({ drop: blob.name }, `sweep failed: ${reason}`)
    const path = parseDropPath(blob.name)
    if (!(error instanceof TerminalError) || path.kind === 'misfit') return 'missed'
    const { customerId, model } = path
    await ports.recordUnclaimed({ blob, reason, key: { customerId, model }, seenAtMs: ports.now() })
    return 'taken'
  }
}
