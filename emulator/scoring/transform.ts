import { featureHash, hashedColumnName, TrainingDataError } from '../engine/index.ts'
import type { TransformExperiment } from '../experiment.ts'

/** A table of text cells. */
export type TextTable = { columns: string[]; rows: string[][] }

/**
 * Selects columns and hashes one of them: the text column gives way to its 2^bits counts. Throws TrainingDataError when
 * a selected column is missing. Source: Select Columns in Dataset, Feature Hashing.
 */
export function transformTable(
  experiment: TransformExperiment,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): TextTable {
  const places = experiment.select.map((name) => {
    const place = header.indexOf(name)
    if (place === -1) throw new TrainingDataError(`Cannot transform: there is no column "${name}"`)
    return place
  })
  const hashing = experiment.featureHashing
  const columns = experiment.select.flatMap((name) => outputColumns(experiment, name))
  return {
    columns,
    rows: rows.map((row) =>
      places.flatMap((place, at) => {
        const cell = row[place] ?? ''
        return hashing !== undefined && experiment.select[at] === hashing.column
          ? featureHash(cell, hashing.bits, hashing.ngrams).map(String)
          : [cell]
      }),
    ),
  }
}

/** What a selected column becomes: itself, or its hashed columns. */
function outputColumns(experiment: TransformExperiment, name: string): string[] {
  const hashing = experiment.featureHashing
  if (hashing === undefined || name !== hashing.column) return [name]
  return Array.from({ length: 2 ** hashing.bits }, (_, slot) => hashedColumnName(name, slot))
}

/** The output columns with their .NET types. */
export function transformTypes(experiment: TransformExperiment): { columns: string[]; types: string[] } {
  const types = experiment.select.flatMap((name) => {
    const column = experiment.columns.find((column) => column.name === name)
    const outputs = outputColumns(experiment, name)
    if (outputs[0] !== name) return outputs.map(() => 'Int32')
    return [column?.type === 'numeric' ? 'Double' : 'String']
  })
  return { columns: experiment.select.flatMap((name) => outputColumns(experiment, name)), types }
}
