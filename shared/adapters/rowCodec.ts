import type { ZodType } from 'zod'
import { withInstantsAsNumbers, withInstantsAsText } from '../lib/instants.ts'
import type { Cells } from '../lib/tableStore.ts'
import { TerminalError } from '../retraining/errors.ts'

/** Translates one kind of row: instants are `...AtMs` inside and ISO `...At` in storage, objects are JSON text. */
export type RowCodec<Value> = { encode(value: Value): Cells; decode(cells: Cells): Value }

/** What is written now. Readers take every version up to it: a new one needs a fixture of the old (`test/versions`). */
const version = 1

/** A blob's ETag: the Tables client keeps the name `etag` for the row's own. */
const storedNames: Readonly<Record<string, string>> = { etag: 'blobEtag' }
const ownNames: Readonly<Record<string, string>> = { blobEtag: 'etag' }

/**
 * A codec for rows of this schema. `jsonCells` names the properties that hold objects or lists. A row that does not fit
 * throws TerminalError with the names of the wrong properties, never their values; so does one that a newer version wrote:
 * it is left as it is, since writing it would lose what this version does not know.
 */
export function createRowCodec<Value extends object>(
  kind: string,
  schema: ZodType<Value>,
  jsonCells: readonly (keyof Value & string)[],
): RowCodec<Value> {
  const asJson = new Set<string>(jsonCells)
  return {
    encode(value) {
      const cells: Record<string, string | number | boolean> = { v: version }
      for (const [name, cell] of Object.entries(withInstantsAsText(value) as object)) {
        if (cell !== undefined)
          cells[storedNames[name] ?? name] = asJson.has(name) ? JSON.stringify(cell) : cell
      }
      return cells
    },
    decode(cells) {
      refuseNewer(`a ${kind} row`, cells.v)
      const value: Record<string, unknown> = {}
      for (const [name, cell] of Object.entries(cells)) {
        value[ownNames[name] ?? name] =
          asJson.has(name) && typeof cell === 'string' ? parseJson(kind, name, cell) : cell
      }
      const decoded = schema.safeParse(withInstantsAsNumbers(value))
      if (decoded.success) return decoded.data
      const wrong = decoded.error.issues.map((issue) => issue.path.join('.')).join(', ')
      throw new TerminalError(`Cannot read a ${kind} row: wrong or missing: ${wrong}`)
    },
  }
}

/** A row's value, or why it can't be read: for lists, which one damaged row must not end. */
export function decodeOrSay<Value extends object>(
  codec: RowCodec<Value>,
  row: { cells: Cells },
): Value | { problem: string } {
  try {
    return codec.decode(row.cells)
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error
    return { problem: error.message }
  }
}

/** Throws TerminalError when `what` was written by a newer version of the app; without a version it counts as the first. */
export function refuseNewer(what: string, written: unknown): void {
  if (written === undefined || (typeof written === 'number' && written <= version)) return
  throw new TerminalError(
    `Cannot read ${what}: it was written by a newer version of the app (format ${written}, this one reads up to ${version})`,
  )
}

function parseJson(kind: string, name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TerminalError(`Cannot read a ${kind} row: ${name} is no JSON`, { cause })
  }
}
