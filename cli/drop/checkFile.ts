import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { isId, parseDropPath } from '../../shared/retraining/names.ts'
import { UsageError } from '../errors.ts'

/** A file to drop: `name` is the blob's, below `{customer}/{model}/`. */
export type DropFile = { path: string; name: string; sizeBytes: number }

/** Refuses a file that is not there, is a folder or is empty: a zero-length blob is no drop. */
export function checkFile(file: string, name: string = basename(file), verb = 'drop'): DropFile {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw new UsageError(`Cannot ${verb} ${file}: there is no such file`)
  if (!found.isFile()) throw new UsageError(`Cannot ${verb} ${file}: it is no file`)
  if (found.size === 0) throw new UsageError(`Cannot ${verb} ${file}: it is empty`)
  return { path: file, name, sizeBytes: found.size }
}

/** Refuses what can be no customer, no model or no drop's name, before anything is sent. Pure. */
export function checkNames(customer: string, model: string, name: string): void {
  for (const [what, id] of [
    ['customer', customer],
    ['model', model],
  ] as const) {
    if (isId(id)) continue
    throw new UsageError(
      `Cannot drop: ${what} ${id} is no id (lower-case letters, digits and dashes, at most 63)`,
    )
  }
  const found = parseDropPath(`${customer}/${model}/${name}`)
  if (found.kind === 'misfit') {
    throw new UsageError(`Cannot drop ${customer}/${model}/${name}: ${found.reason}`)
  }
}
