import type { ColumnSpec } from '../../experiment.ts'
import { joinBytes } from '../bytes.ts'
import { readInputs } from '../csv/readTable.ts'
import type { Model, ModelInput } from '../model.ts'
import { scoreTable } from './scoreTable.ts'

/** Names of the two columns that scoring adds. Source: Score Model, two-class output. */
export const scoredColumns = ['Scored Labels', 'Scored Probabilities'] as const

const lineEnd = Buffer.from('\r\n')

/**
 * Batch scoring: the CSV's rows as they stand, with `Scored Labels` and `Scored Probabilities` added, and their
 * number. Throws TrainingDataError that names column and line; a column of the model may stand anywhere, none may lack.
 */
export function scoreCsv(
  model: Model,
  csv: Uint8Array,
  options: { maxCells?: number } = {},
): { csv: Uint8Array; rows: number } {
  const table = readInputs(csv, model.inputs.map(toColumnSpec), options)
  const probabilities = scoreTable(model, table)
  const { header, starts, ends } = table.places
  const labels = [quoted(model.label.negative), quoted(model.label.positive)] as const
  const parts: Uint8Array[] = [csv.subarray(...header), Buffer.from(`,${scoredColumns.join(',')}`), lineEnd]
  probabilities.forEach((probability, row) => {
    parts.push(csv.subarray(starts[row], ends[row]))
    parts.push(Buffer.from(`,${labels[probability > 0.5 ? 1 : 0]},${probability}\r\n`, 'utf8'))
  })
  return { csv: joinBytes(parts), rows: table.rows }
}

function toColumnSpec(input: ModelInput): ColumnSpec {
  return input.kind === 'text'
    ? { name: input.name, type: 'text', hashing: input.hashing }
    : { name: input.name, type: input.kind }
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
