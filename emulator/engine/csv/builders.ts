import type { ColumnSpec, FeatureHashing } from '../../experiment.ts'
import { shorten, TrainingDataError } from '../errors.ts'
import { checkHashing, hashSparsely } from '../hashing/featureHash.ts'
import type { CategoricalColumn, Column, NumericColumn, TextColumn } from '../table.ts'
import type { CellReader } from './cells.ts'
import { LevelDictionary } from './levels.ts'
import { numberFromBytes } from './parseNumber.ts'

/** Takes one cell a row and ends as a typed column. */
export type ColumnBuilder<C extends Column = Column> = {
  /** Reads the reader's cell as row number `row`; rows come in order. */
  add(cells: CellReader, row: number): void
  finish(rows: number): C
  /** Hashed words so far: what a text column takes in memory beyond one cell a row. */
  entries?(): number
}

/** Builder of the column that `spec` describes, with room for `rows` rows; it grows. */
export function createBuilder(spec: ColumnSpec, rows: number): ColumnBuilder {
  switch (spec.type) {
    case 'numeric':
      return createNumeric(spec.name, rows)
    case 'categorical':
      return createCategorical(spec.name, rows)
    case 'text':
      return createText(spec.name, spec.hashing, rows)
  }
}

function createNumeric(name: string, rows: number): ColumnBuilder<NumericColumn> {
  let values = new Float32Array(rows)
  return {
    add(cells, row) {
      const value = numberFromBytes(cells.bytes, cells.start, cells.end)
      if (value === undefined || cells.escaped) throw notANumber(name, cells)
      if (row >= values.length) values = grown(values, new Float32Array(row * 2))
      values[row] = value
    },
    finish: (count) => ({ kind: 'numeric', name, values: values.slice(0, count) }),
  }
}

function notANumber(name: string, cells: CellReader): TrainingDataError {
  return new TrainingDataError(
    `Cannot read training data: column "${name}", line ${cells.line}: "${shorten(cells.text())}" is not a number`,
  )
}

/** Builder of a column of levels; `onNewLevel` hears of each level's first line. */
export function createCategorical(
  name: string,
  rows: number,
  onNewLevel?: (cells: CellReader, size: number) => void,
): ColumnBuilder<CategoricalColumn> {
  const levels = new LevelDictionary()
  let codes = new Int32Array(rows)
  return {
    add(cells, row) {
      if (row >= codes.length) codes = grown(codes, new Int32Array(row * 2))
      const size = levels.size
      codes[row] = cells.escaped
        ? addEscaped(levels, cells)
        : levels.code(cells.bytes, cells.start, cells.end)
      if (levels.size > size) onNewLevel?.(cells, levels.size)
    },
    finish: (count) => ({ kind: 'categorical', name, codes: codes.slice(0, count), levels: levels.texts() }),
  }
}

function addEscaped(levels: LevelDictionary, cells: CellReader): number {
  const bytes = new TextEncoder().encode(cells.text())
  return levels.code(bytes, 0, bytes.length)
}

function createText(name: string, hashing: FeatureHashing, rows: number): ColumnBuilder<TextColumn> {
  checkHashing(hashing)
  let starts = new Int32Array(rows + 1)
  let slots = new Int32Array(rows * 8)
  let counts = new Float32Array(rows * 8)
  let used = 0
  return {
    add(cells, row) {
      const hashed = hashSparsely(cells.text(), hashing)
      if (used + hashed.length > slots.length) {
        slots = grown(slots, new Int32Array((used + hashed.length) * 2))
        counts = grown(counts, new Float32Array(slots.length))
      }
      for (const [slot, count] of hashed) {
        slots[used] = slot
        counts[used++] = count
      }
      if (row + 1 >= starts.length) starts = grown(starts, new Int32Array((row + 1) * 2))
      starts[row + 1] = used
    },
    entries: () => used,
    finish: (count) => ({
      kind: 'text',
      name,
      hashing,
      starts: starts.slice(0, count + 1),
      slots: slots.slice(0, used),
      counts: counts.slice(0, used),
    }),
  }
}

function grown<A extends Float32Array | Int32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
