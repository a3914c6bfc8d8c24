import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Change, decodeLog, encodeChange } from './logLine.ts'

/** An append-only file of changes. */
export type ChangeLog = {
  /** Resolves when the change is on the disk. Changes appended meanwhile share one fsync. */
  append(change: Change): Promise<void>
  /** Lines in the file. */
  lineCount(): number
  /** Writes the file anew with these changes only. */
  compact(changes: Iterable<Change>): Promise<void>
  close(): Promise<void>
}

/** Opens the log, creating it where it is missing, and hands every change in it to `replay`. */
export async function openChangeLog(file: string, replay: (change: Change) => void): Promise<ChangeLog> {
  const text = await readFile(file).catch(() => Buffer.alloc(0))
  const { changes, goodBytes } = decodeOrExplain(file, text)
  for (const change of changes) replay(change)
  const handle = await open(file, 'a', 0o600)
  if (goodBytes < text.length) await handle.truncate(goodBytes)
  await syncFolder(file)
  return createLog(file, handle, changes.length)
}

type Log = {
  file: string
  handle: FileHandle
  lineCount: number
  /** Ends when everything asked for so far is written. */
  writing: Promise<void>
  /** What appends join until its turn to be written comes. */
  batch: { lines: string[]; written: Promise<void> } | undefined
}

function createLog(file: string, handle: FileHandle, lineCount: number): ChangeLog {
  const log: Log = { file, handle, lineCount, writing: Promise.resolve(), batch: undefined }
  return {
    append(change) {
      log.batch ??= openBatch(log)
      log.batch.lines.push(encodeChange(change))
      log.lineCount++
      return log.batch.written
    },
    lineCount: () => log.lineCount,
    compact(changes) {
      const lines = Array.from(changes, encodeChange)
      log.lineCount = lines.length
      // Later appends must not join a batch that goes to the old file.
      log.batch = undefined
      return inTurn(log, async () => {
        log.handle = await replaceFile(file, log.handle, lines)
      })
    },
    close: () => inTurn(log, () => log.handle.close()),
  }
}

function openBatch(log: Log): { lines: string[]; written: Promise<void> } {
  const lines: string[] = []
  const written = inTurn(log, async () => {
    if (log.batch?.lines === lines) log.batch = undefined
    await log.handle.appendFile(lines.join(''))
    await log.handle.datasync()
  })
  return { lines, written }
}

function inTurn(log: Log, step: () => Promise<void>): Promise<void> {
  const done = log.writing.then(step)
  log.writing = done.catch(() => {})
  return done
}

async function replaceFile(file: string, old: FileHandle, lines: string[]): Promise<FileHandle> {
  const fresh = await open(`${file}.new`, 'w', 0o600)
  await fresh.writeFile(lines.join(''))
  await fresh.sync()
  await fresh.close()
  await rename(`${file}.new`, file)
  await syncFolder(file)
  await old.close()
  return open(file, 'a', 0o600)
}

async function syncFolder(file: string): Promise<void> {
  // Windows has no handle on a folder, and keeps renames in order by itself.
  if (process.platform === 'win32') return
  const folder = await open(dirname(file), 'r')
  await folder.sync()
  await folder.close()
}

function decodeOrExplain(file: string, text: Buffer): ReturnType<typeof decodeLog> {
  try {
    return decodeLog(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`Cannot open state ${file}: ${reason}`, { cause: error })
  }
}
