import { shorten, TrainingDataError } from '../errors.ts'
import type { ModelLabel } from '../model.ts'
import type { CategoricalColumn } from '../table.ts'
import { type ColumnBuilder, createCategorical } from './builders.ts'

/** A label builder; `firstLines[code]` is the line where that value first stands. */
export type LabelBuilder = ColumnBuilder<CategoricalColumn> & { firstLines: number[] }

/** Builder of the label column; throws TrainingDataError at an empty label and at a third value. */
export function createLabel(name: string, rows: number): LabelBuilder {
  const firstLines: number[] = []
  const seen: string[] = []
  const builder = createCategorical(name, rows, (cells) => {
    const value = cells.text()
    if (value === '') {
      throw new TrainingDataError(
        `Cannot read training data: label column "${name}", line ${cells.line}: the label is empty`,
      )
    }
    seen.push(value)
    firstLines.push(cells.line)
    if (seen.length > 2) throw tooMany(name, seen, firstLines)
  })
  return { ...builder, firstLines }
}

function tooMany(name: string, seen: string[], firstLines: number[]): TrainingDataError {
  const listed = seen.map((value, i) => `"${shorten(value)}" (line ${firstLines[i]})`).join(', ')
  return new TrainingDataError(`Cannot train: the label column "${name}" has more than two values: ${listed}`)
}

/**
 * Decides which of the label's two values is the positive one (default: the greater, as numbers if both are numbers)
 * and turns the column into 0 and 1. Throws TrainingDataError where there is one value only or none is `positive`.
 */
export function decideLabel(
  column: CategoricalColumn,
  positive: string | undefined,
  firstLines: readonly number[],
): { label: ModelLabel; target: Uint8Array } {
  const [first, second] = column.levels
  if (first === undefined || second === undefined) {
    throw new TrainingDataError(
      `Cannot train: the label column "${column.name}" has one value only, "${first}" (from line ${firstLines[0]} to the end); training needs two`,
    )
  }
  const greater = isGreater(first, second) ? first : second
  const chosen = positive ?? greater
  if (chosen !== first && chosen !== second) {
    throw new TrainingDataError(
      `Cannot train: the label column "${column.name}" has the values "${first}" and "${second}", and not the positive value "${chosen}"`,
    )
  }
  const code = chosen === first ? 0 : 1
  return {
    label: { column: column.name, negative: chosen === first ? second : first, positive: chosen },
    target: Uint8Array.from(column.codes, (value) => (value === code ? 1 : 0)),
  }
}

function isGreater(a: string, b: string): boolean {
  const numbers = [Number(a), Number(b)] as const
  return numbers.some(Number.isNaN) ? a > b : numbers[0] > numbers[1]
}
