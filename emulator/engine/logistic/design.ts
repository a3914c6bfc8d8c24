import type { ModelInput } from '../model.ts'
import type { CategoricalColumn, NumericColumn, Table, TextColumn } from '../table.ts'
import { frequentLevels } from '../trees/bins.ts'

/** Levels of a column that have a weight of their own; rarer ones count as unknown. */
const mostLevels = 1_000

/** One input's place in the weight vector, and for numbers how they are brought to mean 0 and deviation 1. */
export type Block = { input: ModelInput; first: number; width: number; mean: number; scale: number }

/**
 * The rows as the regression sees them. Weight 0 is the bias, the last weight (`weights - 1`) that of unknown levels,
 * which stays 0. `numbers`: row-major, from weight `firstNumber`. `levels`: row-major, weight indexes. Text: sparse.
 */
export type Design = {
  rows: number
  weights: number
  blocks: Block[]
  numbers: Float64Array
  numberCount: number
  levels: Int32Array
  levelCount: number
  texts: { first: number; column: TextColumn }[]
}

type Placed = { block: Block; column: Table['columns'][number]; codes: Int32Array | undefined }

/** Scales numbers (missing becomes the mean, 0), turns levels into weight indexes. */
export function createDesign(table: Table): Design {
  const placed = placeBlocks(table)
  const last = placed.at(-1)?.block
  const weights = (last === undefined ? 1 : last.first + last.width) + 1
  const numeric = placed.filter(({ column }) => column.kind === 'numeric')
  const categorical = placed.filter(({ column }) => column.kind === 'categorical')
  const blockOf = new Map(placed.map(({ block, column }) => [column, block]))
  return {
    rows: table.rows,
    weights,
    blocks: table.columns.flatMap((column) => blockOf.get(column) ?? []),
    numbers: scaleNumbers(table.rows, numeric),
    numberCount: numeric.length,
    levels: levelIndexes(table.rows, categorical, weights - 1),
    levelCount: categorical.length,
    texts: placed.flatMap(({ column, block }) =>
      column.kind === 'text' ? [{ first: block.first, column }] : [],
    ),
  }
}

/** Numbers come first, so that their weights are 1 to `numberCount`. */
function placeBlocks(table: Table): Placed[] {
  const order = ['numeric', 'categorical', 'text']
  const columns = [...table.columns].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  let first = 1
  return columns.map((column) => {
    const placed = placeColumn(column, first)
    first += placed.block.width
    return placed
  })
}

function placeColumn(column: Table['columns'][number], first: number): Placed {
  const { name } = column
  if (column.kind === 'numeric') {
    const block = {
      input: { kind: 'numeric', name },
      first,
      width: 1,
      ...meanAndScale(column),
    } satisfies Block
    return { block, column, codes: undefined }
  }
  if (column.kind === 'text') {
    const { hashing } = column
    const input = { kind: 'text', name, hashing } satisfies ModelInput
    return { block: { input, first, width: 2 ** hashing.bits, mean: 0, scale: 1 }, column, codes: undefined }
  }
  const codes = frequentLevels(column, mostLevels)
  const levels = Array.from(codes, (code) => column.levels[code] ?? '')
  const input = { kind: 'categorical', name, levels } satisfies ModelInput
  return { block: { input, first, width: codes.length, mean: 0, scale: 1 }, column, codes }
}

function meanAndScale({ values }: NumericColumn): { mean: number; scale: number } {
  let sum = 0
  let count = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  const mean = Math.fround(sum / Math.max(count, 1))
  let squares = 0
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2
  const scale = Math.fround(1 / Math.sqrt(squares / Math.max(count, 1)))
  return { mean, scale: Number.isFinite(scale) ? scale : 0 }
}

function scaleNumbers(rows: number, placed: Placed[]): Float64Array {
  const numbers = new Float64Array(rows * placed.length)
  placed.forEach(({ block, column }, place) => {
    const { mean, scale } = block
    const { values } = column as NumericColumn
    for (let row = 0, at = place; row < rows; row++, at += placed.length) {
      const value = values[row] as number
      numbers[at] = Number.isNaN(value) ? 0 : (value - mean) * scale
    }
  })
  return numbers
}

function levelIndexes(rows: number, placed: Placed[], unknown: number): Int32Array {
  const levels = new Int32Array(rows * placed.length)
  placed.forEach(({ block, column, codes }, place) => {
    const categorical = column as CategoricalColumn
    const indexOf = new Int32Array(categorical.levels.length).fill(unknown)
    codes?.forEach((code, i) => {
      indexOf[code] = block.first + i
    })
    for (let row = 0, at = place; row < rows; row++, at += placed.length) {
      levels[at] = indexOf[categorical.codes[row] as number] as number
    }
  })
  return levels
}
