import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createIndex, type Index } from './catalogIndex.ts'
import { type ChangeLog, openChangeLog } from './changeLog.ts'
import type { Change } from './logLine.ts'
import type { RecordKind, Records } from './records.ts'

/** The emulator's state: all in memory, every change in an append-only log. */
export type Store = Index & {
  /** Takes effect at once; resolves when it would survive a crash. An answer that promises it waits for that. */
  put<K extends RecordKind>(kind: K, record: Records[K]): Promise<void>
  remove(kind: RecordKind, id: string): Promise<void>
  close(): Promise<void>
}

/** Compacts when the log holds this many lines more than there are records, and twice as many. */
const spareLines = 20_000

/** Opens the state under `folder`, creating it where it is missing. */
export async function openStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true })
  const index = createIndex()
  const log = await openChangeLog(join(folder, 'state.log'), (change) => index.apply(change))
  const change = async (entry: Change): Promise<void> => {
    index.apply(entry)
    await log.append(entry)
    if (isBloated(log, index)) await log.compact(index.changes())
  }
  return {
    ...index,
    put: (kind, record) => change({ put: kind, id: record.id, value: record }),
    remove: (kind, id) => change({ remove: kind, id }),
    close: () => log.close(),
  }
}

function isBloated(log: ChangeLog, index: Index): boolean {
  const records = index.recordCount()
  return log.lineCount() > records + spareLines && log.lineCount() > 2 * records
}
