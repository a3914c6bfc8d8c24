import { featureWidth, type Model, type ModelInput } from '../model.ts'
import type { Column, Table } from '../table.ts'
import { createMargin, probabilityOf } from './margin.ts'

type WriteRow = (row: number, features: Float64Array) => void

/** Probability of the positive class for every row; the table's columns are the model's inputs in order. */
export function scoreTable(model: Pick<Model, 'inputs' | 'fit'>, table: Table): Float64Array {
  const margin = createMargin(model.fit, model.inputs)
  let width = 0
  const writers = model.inputs.map((input, i) => {
    const writer = createWriter(input, table.columns[i] as Column, width)
    width += featureWidth(input)
    return writer
  })
  const features = new Float64Array(width)
  const probabilities = new Float64Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    for (const write of writers) write(row, features)
    probabilities[row] = probabilityOf(margin(features))
  }
  return probabilities
}

function createWriter(input: ModelInput, column: Column, index: number): WriteRow {
  if (column.kind === 'numeric') {
    return (row, features) => {
      features[index] = column.values[row] as number
    }
  }
  if (column.kind === 'categorical') {
    const known = new Map(
      input.kind === 'categorical' ? input.levels.map((level, code) => [level, code]) : [],
    )
    const codes = Int32Array.from(column.levels, (level) => known.get(level) ?? -1)
    return (row, features) => {
      features[index] = codes[column.codes[row] as number] as number
    }
  }
  const { starts, slots, counts } = column
  const end = index + featureWidth(input)
  return (row, features) => {
    features.fill(0, index, end)
    const last = starts[row + 1] as number
    for (let at = starts[row] as number; at < last; at++) {
      features[index + (slots[at] as number)] = counts[at] as number
    }
  }
}
