import type { Endpoint } from '../state/records.ts'
import { type Area, blobOf, type Entry, isLogged, lineOf } from './entry.ts'

/** Writes the request logs of endpoints whose DiagnosticsTraceLevel asks for them, without anybody waiting for it. */
export type Diagnostics = {
  /** Takes the entry if the endpoint's level says so; returns at once. */
  log(endpoint: Endpoint, area: Area, entry: Entry): void
  /** Resolves when what was logged so far is written, or could not be. */
  flush(): Promise<void>
  /** Flushes, and stops. */
  close(): Promise<void>
}

export type DiagnosticsParts = {
  /** Adds the text at the end of a blob. */
  append(blob: string, text: string): Promise<void>
  nowMs(): number
  report(line: string): void
}

/** Lines that may wait to be written; more are dropped and counted. */
export const mostLines = 50_000
const flushMs = 250

/** Lines by blob, in their order. */
type Pending = { blobs: Map<string, string[]>; lines: number; dropped: number }

/** Logs nothing until the first entry. */
export function createDiagnostics(parts: DiagnosticsParts): Diagnostics {
  let pending: Pending = { blobs: new Map(), lines: 0, dropped: 0 }
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let writes = 0

  function arm(): void {
    // Not while something is being written, so that no more than one further batch waits.
    if (writes === 0 && pending.lines > 0) timer ??= setTimeout(() => void flush(), flushMs).unref()
  }
  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const taken = pending
    pending = { blobs: new Map(), lines: 0, dropped: 0 }
    writes++
    writing = writing.then(async () => {
      await write(parts, taken)
      writes--
      arm()
    })
    return writing
  }
  return {
    log(endpoint, area, entry) {
      if (!isLogged(endpoint.diagnosticsTraceLevel, entry)) return
      add(pending, blobOf(endpoint, area, parts.nowMs()), lineOf(entry, parts.nowMs()))
      arm()
    },
    flush,
    close: flush,
  }
}

function add(pending: Pending, blob: string, line: string): void {
  if (pending.lines >= mostLines) {
    pending.dropped++
    return
  }
  pending.lines++
  const lines = pending.blobs.get(blob)
  if (lines === undefined) pending.blobs.set(blob, [line])
  else lines.push(line)
}

async function write({ append, report }: DiagnosticsParts, { blobs, dropped }: Pending): Promise<void> {
  if (dropped > 0) report(`Cannot write request logs fast enough: ${dropped} lines are left out`)
  for (const [blob, lines] of blobs) {
    try {
      await append(blob, lines.join(''))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      report(`Cannot write request log ${blob}: ${reason}`)
    }
  }
}
