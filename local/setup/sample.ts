import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Csv, readCsv } from '../csv.ts'

/** The sample: one model, three customers, each with an endpoint of its own (names: lower-case letters and digits). */
export const sample = {
  model: 'birdstrikes',
  /** Web services by name: American's larger trees take a second or two, the others' regression a moment. */
  trainingServices: ['Bird Strikes', 'Bird Strikes by Trees'],
  predictiveService: 'Bird Strikes [predictive exp.]',
  resourceName: 'Bird Strikes [trained model]',
  ports: { inputPort: 'input1', modelPort: 'output1', evaluationPort: 'output2' },
  label: 'damage',
  positive: 'yes',
  /** Columns of the CSVs that the model does not take. */
  unusedColumns: ['flight_date'],
  customers: [
    { customerId: 'american', endpoint: 'american', trainingService: 'Bird Strikes by Trees' },
    { customerId: 'us-airways', endpoint: 'usairways', trainingService: 'Bird Strikes' },
    { customerId: 'southwest', endpoint: 'southwest', trainingService: 'Bird Strikes' },
  ],
} as const

/** A sample file of a customer: the first model's rows, the drop, the held-out rows. */
export type SamplePart = 'first' | 'next' | 'heldout'

/** Path of a customer's sample file. */
export function samplePath(root: string, customerId: string, part: SamplePart): string {
  return join(root, 'samples', `${customerId}-${part}.csv`)
}

/** Reads a customer's sample file. */
export function readSample(root: string, customerId: string, part: SamplePart): Csv {
  return readCsv(readFileSync(samplePath(root, customerId, part), 'utf8'))
}

/** Rows as a scoring request takes them (by column name, without label and unused columns), and each one's label. */
export function scoringRows(csv: Csv): { row: Record<string, string>; isPositive: boolean }[] {
  const label = csv.columns.indexOf(sample.label)
  const left: readonly string[] = [sample.label, ...sample.unusedColumns]
  return csv.rows.map((cells) => ({
    row: Object.fromEntries(
      csv.columns.flatMap((column, i) => (left.includes(column) ? [] : [[column, cells[i] ?? '']])),
    ),
    isPositive: cells[label] === sample.positive,
  }))
}
