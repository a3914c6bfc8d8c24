import { createHash } from 'node:crypto'
import type { ModelKey } from '../retraining/names.ts'

/** Partition of everything of one model. */
export function modelPartition({ customerId, model }: ModelKey): string {
  return `${customerId}|${model}`
}

/** The row that orders everything of a model. */
export const headRow = 'head'

/** Newest generation first. */
export function runRow(generation: number): string {
  return `run|${String(9_999_999_999 - generation).padStart(10, '0')}`
}

/** The generation of a run's row; the counterpart of {@link runRow}. */
export function generationOf(rowKey: string): number {
  return 9_999_999_999 - Number(rowKey.slice('run|'.length))
}

/** All run rows: `|` is followed by `}`. */
export const runRange = { from: 'run|', before: 'run}' }

/** Hash of name and ETag: the part before the dash is the name's, so that a name's versions lie together. */
export function dropId(name: string, etag: string): string {
  return `${hash(name).slice(0, 32)}-${hash(etag).slice(0, 16)}`
}

/** A drop's record. */
export function dropRow(id: string): string {
  return `drop|${id}`
}

/** Every version of one blob name: `-` is followed by `.`. */
export function versionRange(name: string): { from: string; before: string } {
  const prefix = `drop|${hash(name).slice(0, 32)}`
  return { from: `${prefix}-`, before: `${prefix}.` }
}

/** Names the newest of very many versions of one blob name. */
export function newestRow(name: string): string {
  return `newest|${hash(name).slice(0, 32)}`
}

/** A waiting drop, oldest first. */
export function pendingRow(acceptedAtMs: number, id: string): string {
  return `pending|${String(acceptedAtMs).padStart(15, '0')}|${id}`
}

/** All waiting drops. */
export const pendingRange = { from: 'pending|', before: 'pending}' }

/** A drop that is left out. */
export function excludedRow(id: string): string {
  return `excluded|${id}`
}

/** All drops that are left out. */
export const excludedRange = { from: 'excluded|', before: 'excluded}' }

/** A text as a key: hex, without any character a key may not hold. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
