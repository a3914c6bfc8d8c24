import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { hashSparsely } from '../../../emulator/engine/hashing/featureHash.ts'
import { type Cell, createScorer, decodeModel, type Model, trainJob } from '../../../emulator/engine/index.ts'
import { createRandom } from '../../../emulator/engine/random.ts'
import type { ColumnSpec, LearnerSpec } from '../../../emulator/experiment.ts'
import {
  adultColumns,
  boostedTrees,
  bytesOf,
  experimentOf,
  makeCsv,
  mixedColumns,
  sharedData,
} from './sampleData.ts'

type Tensor = { data: ArrayLike<unknown> }
type Session = { run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> }
type Runtime = {
  env: { wasm: { numThreads: number } }
  Tensor: new (type: string, data: Float32Array | string[], shape: number[]) => Tensor
  InferenceSession: { create(model: Uint8Array): Promise<Session> }
}

async function loadRuntime(): Promise<Runtime> {
  const folder = process.env.ONNXRUNTIME_WEB
  if (folder === undefined || !existsSync(folder)) {
    throw new Error(
      'Cannot load the referee: onnxruntime-web is not installed; run `npm run test:full` with a registry in reach',
    )
  }
  const url = pathToFileURL(join(folder, 'dist/ort.node.min.mjs')).href
  const runtime: Runtime = await import(/* @vite-ignore */ url)
  runtime.env.wasm.numThreads = 1
  return runtime
}

function toFeeds(model: Model, rows: Cell[][], { Tensor }: Runtime): Record<string, Tensor> {
  return Object.fromEntries(
    model.inputs.map((input, i) => {
      const cells = rows.map((row) => row[i])
      if (input.kind === 'categorical') {
        return [
          input.name,
          new Tensor(
            'string',
            cells.map((cell) => String(cell ?? '')),
            [rows.length, 1],
          ),
        ]
      }
      if (input.kind === 'numeric') {
        const numbers = cells.map((cell) => (cell === null || cell === '' ? Number.NaN : Number(cell)))
        return [input.name, new Tensor('float32', Float32Array.from(numbers), [rows.length, 1])]
      }
      const width = 2 ** input.hashing.bits
      const counts = new Float32Array(rows.length * width)
      cells.forEach((cell, row) => {
        for (const [slot, count] of hashSparsely(String(cell), input.hashing))
          counts[row * width + slot] = count
      })
      return [input.name, new Tensor('float32', counts, [rows.length, width])]
    }),
  )
}

async function expectAgreement(file: Uint8Array, rows: Cell[][]): Promise<void> {
  const runtime = await loadRuntime()
  const model = decodeModel(file)
  const scorer = createScorer(model)
  const session = await runtime.InferenceSession.create(file)
  const outputs = await session.run(toFeeds(model, rows, runtime))
  const labels = outputs['Scored Labels']?.data ?? []
  const probabilities = outputs['Scored Probabilities']?.data ?? []
  expect([labels.length, probabilities.length]).toEqual([rows.length, rows.length])
  let worst = 0
  rows.forEach((row, i) => {
    const score = scorer.score(row)
    worst = Math.max(worst, Math.abs(score.probability - Number(probabilities[i])))
    if (Math.abs(score.probability - 0.5) > 1e-5) expect(labels[i]).toBe(score.label)
  })
  expect(worst).toBeLessThan(1e-5)
}

/** Rows of every kind: present, missing, and levels and numbers that training never saw. */
function strangeRows(count: number): Cell[][] {
  const random = createRandom(7)
  const pick = (values: Cell[]) => values[Math.floor(random() * values.length)]
  return Array.from({ length: count }, () => [
    pick([random() * 120 - 10, null, 0, 1e30, -1e30]),
    pick([random() * 12 - 6, null, '']),
    pick(['red', 'green', 'blue', 'a "quoted", colour', 'never seen', '', null]),
    pick(['X', 'Y', 'Zürich', 'Zurich', null]),
  ])
}

const learners: [name: string, learner: LearnerSpec][] = [
  ['boosted trees', boostedTrees],
  ['logistic regression by L-BFGS', { kind: 'twoClassLogisticRegression', l1Weight: 0 }],
  ['logistic regression by OWL-QN', { kind: 'twoClassLogisticRegression', l1Weight: 1 }],
]

test.each(learners)(
  'ONNX Runtime scores as we do, missing and unseen cells too: %s',
  async (_name, learner) => {
    const { model } = trainJob(experimentOf(mixedColumns, learner), bytesOf(makeCsv(3_000, 1)))
    await expectAgreement(model, strangeRows(2_000))
  },
)

test.each(learners)(
  'ONNX Runtime scores as we do where training saw nothing missing: %s',
  async (_name, learner) => {
    const csv = makeCsv(3_000, 2)
      .split('\n')
      .filter((line) => !/^,|,,/.test(line))
      .join('\n')
    const { model } = trainJob(experimentOf(mixedColumns, learner), bytesOf(csv))
    await expectAgreement(model, strangeRows(2_000))
  },
)

test.each(learners)(
  'ONNX Runtime scores hashed text as we do, given the hashed columns: %s',
  async (_name, learner) => {
    const columns: ColumnSpec[] = [{ name: 'text', type: 'text', hashing: { bits: 6, ngrams: 2 } }]
    const texts = Array.from({ length: 400 }, (_, i) =>
      i % 3 === 0 ? `good book ${i % 7}` : `dull ${i % 5} story`,
    )
    const csv = ['text,label', ...texts.map((text) => `${text},${text.startsWith('good') ? 1 : 0}`)].join(
      '\n',
    )
    const { model } = trainJob(experimentOf(columns, learner), bytesOf(csv))
    await expectAgreement(
      model,
      [...texts, 'a word never seen', ''].map((text) => [text]),
    )
  },
)

const adult = sharedData('adult.csv')
test.skipIf(adult === undefined).each(learners)(
  'ONNX Runtime scores the Adult data as we do: %s',
  async (_name, learner) => {
    const csv = adult ?? new Uint8Array()
    const columns = adultColumns(csv)
    const { model } = trainJob(experimentOf(columns, learner, { label: { column: 'income' } }), csv)
    const lines = Buffer.from(csv).toString().trim().split('\n').slice(1)
    await expectAgreement(
      model,
      lines.map((line) => line.split(',').slice(0, -1)),
    )
  },
)
