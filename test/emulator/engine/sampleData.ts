import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../../emulator/engine/random.ts'
import type { ColumnSpec, LearnerSpec, TrainingExperiment } from '../../../emulator/experiment.ts'

/** A training experiment over `columns` with label `label`. */
export function experimentOf(
  columns: ColumnSpec[],
  learner: LearnerSpec,
  more: Partial<TrainingExperiment> = {},
): TrainingExperiment {
  return {
    kind: 'training',
    name: 'Test',
    inputPort: 'input1',
    columns,
    label: { column: 'label' },
    learner,
    outputs: { model: 'output1', evaluation: 'output2' },
    ...more,
  }
}

export const boostedTrees: LearnerSpec = { kind: 'twoClassBoostedDecisionTree' }
export const logisticRegression: LearnerSpec = { kind: 'twoClassLogisticRegression' }

/** Columns of `makeCsv`. */
export const mixedColumns: ColumnSpec[] = [
  { name: 'size', type: 'numeric' },
  { name: 'weight', type: 'numeric' },
  { name: 'colour', type: 'categorical' },
  { name: 'town', type: 'categorical' },
]

/** A CSV of `rows` rows whose label hangs on size, weight and colour, with noise; 1 cell in 10 is missing. */
export function makeCsv(rows: number, seed: number, more = ''): string {
  const random = createRandom(seed)
  const pick = (values: string[]) => values[Math.floor(random() * values.length)] ?? ''
  const missing = (value: string) => (random() < 0.1 ? '' : value)
  const lines = ['size,weight,colour,town,label']
  for (let row = 0; row < rows; row++) {
    const size = random() * 100
    const weight = random() * 10 - 5
    const colour = pick(['red', 'green', 'blue', 'a "quoted", colour'])
    const score = (size - 50) / 20 + weight / 3 + (colour === 'red' ? 1.5 : 0) + (random() - 0.5)
    const cells = [
      missing(size.toFixed(3)),
      missing(weight.toFixed(2)),
      missing(colour),
      pick(['X', 'Y', 'Zürich']),
    ]
    lines.push([...cells.map(quoted), score > 0 ? 'yes' : 'no'].join(','))
  }
  return `${lines.join('\n')}\n${more}`
}

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

export const bytesOf = (text: string) => new TextEncoder().encode(text)

/** A file of ../shared/data, undefined where it is not there. */
export function sharedData(name: string): Uint8Array | undefined {
  const path = join(import.meta.dirname, '../../../../shared/data', name)
  return existsSync(path) ? readFileSync(path) : undefined
}

const adultNumbers = ['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week']

/** Columns of a CSV with the header of adult.csv. */
export function adultColumns(csv: Uint8Array): ColumnSpec[] {
  const header = Buffer.from(csv).toString('utf8', 0, csv.indexOf(10)).trim().split(',')
  return header
    .filter((name) => name !== 'income')
    .map((name) => ({ name, type: adultNumbers.includes(name) ? 'numeric' : 'categorical' }))
}
