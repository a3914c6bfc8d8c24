import { TrainingDataError } from '../errors.ts'
import type { CellReader } from './cells.ts'

/** Reads the header line; names are trimmed. Throws TrainingDataError where a name stands twice. */
export function readHeader(cells: CellReader): string[] {
  const names: string[] = []
  do {
    cells.next()
    names.push(cells.text().trim())
  } while (!cells.endsRow)
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i)
  if (twice !== undefined) {
    throw new TrainingDataError(`Cannot read training data: the header names the column "${twice}" twice`)
  }
  return names
}

/** The place of each wanted column in the header; throws TrainingDataError that names all that lack. */
export function placeColumns(header: string[], wanted: readonly string[], label?: string): number[] {
  const lacking = wanted.filter((name) => !header.includes(name))
  if (lacking.length > 0) {
    const named = lacking.map((name) =>
      name === label ? `the label column "${name}"` : `the column "${name}"`,
    )
    throw new TrainingDataError(`Cannot read training data: the header (line 1) lacks ${named.join(', ')}`)
  }
  return wanted.map((name) => header.indexOf(name))
}
