import { numberFromText } from '../csv/parseNumber.ts'
import { ScoringInputError, shorten } from '../errors.ts'
import { hashSparsely } from '../hashing/featureHash.ts'
import { featureWidth, type Model, type ModelInput } from '../model.ts'
import { createMargin, probabilityOf } from './margin.ts'

/** A cell of a row to score; null, undefined and '' are missing. */
export type Cell = string | number | boolean | null | undefined

/** What a model says of a row: the label's value and the probability (0 to 1) of the positive value. */
export type Score = { label: string; probability: number }

/** Scores single rows. `columns` are the model's inputs in order. */
export type Scorer = {
  columns: readonly string[]
  /** A row as cells in the order of `columns`. Throws ScoringInputError where a number is none. */
  score(cells: readonly Cell[]): Score
  /** A row as cells by column name; further names are ignored, an absent one is missing. */
  scoreRecord(record: Readonly<Record<string, Cell>>): Score
}

type WriteCell = (cell: Cell, features: Float64Array) => void

/** Prepares a model for scoring row by row. Numbers are rounded to float32, as the ONNX model sees them. */
export function createScorer(model: Model): Scorer {
  const columns = model.inputs.map((input) => input.name)
  const margin = createMargin(model.fit, model.inputs)
  const { writers, width } = createWriters(model.inputs)
  const features = new Float64Array(width)
  const { positive, negative } = model.label
  const finish = (): Score => {
    const probability = probabilityOf(margin(features))
    return { label: probability > 0.5 ? positive : negative, probability }
  }
  return {
    columns,
    score(cells) {
      for (let i = 0; i < writers.length; i++) (writers[i] as WriteCell)(cells[i], features)
      return finish()
    },
    scoreRecord(record) {
      for (let i = 0; i < writers.length; i++) {
        const name = columns[i] as string
        ;(writers[i] as WriteCell)(Object.hasOwn(record, name) ? record[name] : undefined, features)
      }
      return finish()
    },
  }
}

function createWriters(inputs: ModelInput[]): { writers: WriteCell[]; width: number } {
  let width = 0
  const writers = inputs.map((input) => {
    const index = width
    width += featureWidth(input)
    return createWriter(input, index)
  })
  return { writers, width }
}

function createWriter(input: ModelInput, index: number): WriteCell {
  if (input.kind === 'numeric') {
    return (cell, features) => {
      features[index] = toNumber(cell, input.name)
    }
  }
  if (input.kind === 'categorical') {
    const codes = new Map(input.levels.map((level, code) => [level, code]))
    return (cell, features) => {
      features[index] = codes.get(typeof cell === 'string' ? cell : String(cell ?? '')) ?? -1
    }
  }
  const end = index + featureWidth(input)
  return (cell, features) => {
    features.fill(0, index, end)
    for (const [slot, count] of hashSparsely(String(cell ?? ''), input.hashing))
      features[index + slot] = count
  }
}

function toNumber(cell: Cell, column: string): number {
  if (typeof cell === 'number') {
    const value = Math.fround(cell)
    if (Number.isFinite(value) || Number.isNaN(cell)) return value
  } else if (cell === null || cell === undefined) return Number.NaN
  else if (typeof cell === 'boolean') return Number(cell)
  const value = numberFromText(String(cell))
  if (value === undefined) {
    throw new ScoringInputError(
      `Cannot score the row: column "${column}": "${shorten(String(cell))}" is not a number`,
    )
  }
  return value
}
