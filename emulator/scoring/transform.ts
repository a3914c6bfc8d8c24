import type { TransformStep } from '../definitions/definition.ts'
import { checkHashing, featureHash, hashedColumnName, TrainingDataError } from '../engine/index.ts'

/** A table of text cells. */
export type TextTable = { columns: string[]; rows: string[][] }

/**
 * Selects columns and hashes one of them: the text column gives way to its 2^bits counts. Throws TrainingDataError when
 * a selected column is missing. Source: Select Columns in Dataset, Feature Hashing.
 */
export function transformTable(
  step: TransformStep,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): TextTable {
  const places = step.select.map((name) => {
    const place = header.indexOf(name)
    if (place === -1) throw new TrainingDataError(`Cannot transform: there is no column "${name}"`)
    return place
  })
  const hashing = step.featureHashing
  return {
    columns: step.select.flatMap((name) => outputColumns(step, name)),
    rows: rows.map((row) =>
      places.flatMap((place, at) => {
        const cell = row[place] ?? ''
        return hashing !== undefined && step.select[at] === hashing.column
          ? featureHash(cell, hashing.bits, hashing.ngrams).map(String)
          : [cell]
      }),
    ),
  }
}

/** What a selected column becomes: itself, or its hashed columns. */
function outputColumns(step: TransformStep, name: string): string[] {
  const hashing = step.featureHashing
  if (hashing === undefined || name !== hashing.column) return [name]
  return Array.from({ length: 2 ** hashing.bits }, (_, slot) => hashedColumnName(name, slot))
}

/** The .NET types of the output columns. */
export function transformTypes(step: TransformStep): string[] {
  return step.select.flatMap((name) => {
    const column = step.columns.find((column) => column.name === name)
    const outputs = outputColumns(step, name)
    if (outputs[0] !== name) return outputs.map(() => 'Int32')
    return [column?.type === 'numeric' ? 'Double' : 'String']
  })
}

/**
 * The step with the values of global parameters named like Feature Hashing's own two, where they are given.
 * Throws TrainingDataError for numbers that it does not take (when it hashes).
 */
export function withHashingParameters(
  step: TransformStep,
  values: Readonly<Record<string, string | number>>,
): TransformStep {
  const { featureHashing } = step
  if (featureHashing === undefined) return step
  const bits = Number(values['Hashing bitsize'] ?? featureHashing.bits)
  const ngrams = Number(values['N-grams'] ?? featureHashing.ngrams)
  checkHashing({ bits, ngrams })
  return { ...step, featureHashing: { ...featureHashing, bits, ngrams } }
}
