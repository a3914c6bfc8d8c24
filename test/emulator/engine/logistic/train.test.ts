import { expect, test } from 'vitest'
import { readTable } from '../../../../emulator/engine/index.ts'
import { createDesign } from '../../../../emulator/engine/logistic/design.ts'
import { createObjective } from '../../../../emulator/engine/logistic/objective.ts'
import { trainLogistic } from '../../../../emulator/engine/logistic/train.ts'
import type { ColumnSpec } from '../../../../emulator/experiment.ts'
import { bytesOf, makeCsv, mixedColumns } from '../sampleData.ts'

const columns: ColumnSpec[] = [
  ...mixedColumns,
  { name: 'words', type: 'text', hashing: { bits: 3, ngrams: 2 } },
]
const csv = makeCsv(600, 8)
  .trim()
  .split('\n')
  .map((line, i) => (i === 0 ? `words,${line}` : `${i % 3 === 0 ? 'one two' : 'three one'},${line}`))
  .join('\n')
const table = readTable(bytesOf(csv), { columns, label: { column: 'label' } })

test('the gradient is that of the value, for numbers, levels and text', () => {
  const objective = createObjective(createDesign(table), table.target, 0.7)
  const weights = Float64Array.from({ length: objective.size }, (_, i) => Math.sin(i) / 3)
  weights[weights.length - 1] = 0
  const gradient = new Float64Array(objective.size)
  const ignored = new Float64Array(objective.size)
  objective.evaluate(weights, gradient)
  for (let i = 0; i < weights.length - 1; i++) {
    const valueAt = (change: number) =>
      objective.evaluate(
        weights.map((weight, at) => (at === i ? weight + change : weight)),
        ignored,
      )
    expect(gradient[i]).toBeCloseTo((valueAt(1e-5) - valueAt(-1e-5)) / 2e-5, 3)
  }
})

const penalties: [l1Weight: number, l2Weight: number, columns: ColumnSpec[]][] = [
  [0, 1, mixedColumns],
  [0, 1, columns],
  [0, 0.01, mixedColumns],
  [1, 1, mixedColumns],
  [1, 1, columns],
  [5, 0, mixedColumns],
]
test.each(penalties)('with l1 %d and l2 %d no weight can be bettered', (l1Weight, l2Weight, chosen) => {
  const own = readTable(bytesOf(csv), { columns: chosen, label: { column: 'label' } })
  const { fit } = trainLogistic(own, { l1Weight, l2Weight, memorySize: 20, optimizationTolerance: 1e-9 })
  const design = createDesign(own)
  const weights = new Float64Array(design.weights)
  weights[0] = fit.bias
  design.blocks.forEach((block, i) => {
    weights.set(fit.inputs[i]?.weights ?? [], block.first)
  })
  const gradient = new Float64Array(design.weights)
  createObjective(design, own.target, l2Weight).evaluate(weights, gradient)
  expect(Math.abs(gradient[0] ?? Number.NaN)).toBeLessThan(0.2)
  for (let i = 1; i < weights.length - 1; i++) {
    const [weight = Number.NaN, slope = Number.NaN] = [weights[i], gradient[i]]
    if (weight === 0) expect(Math.abs(slope)).toBeLessThan(l1Weight + 0.2)
    else expect(Math.abs(slope + l1Weight * Math.sign(weight))).toBeLessThan(0.2)
  }
})

test('more l1 leaves fewer weights, and so much of it none', () => {
  const counts = [0.1, 5, 50, 1_000].map((l1Weight) => {
    const own = readTable(bytesOf(csv), { columns: mixedColumns, label: { column: 'label' } })
    const { fit } = trainLogistic(own, { l1Weight, l2Weight: 1, memorySize: 20, optimizationTolerance: 1e-7 })
    return fit.inputs.reduce((sum, input) => sum + input.weights.filter((weight) => weight !== 0).length, 0)
  })
  expect(counts).toEqual([...counts].sort((a, b) => b - a))
  expect(counts[0]).toBeGreaterThan(counts[1] ?? 0)
  expect(counts.at(-1)).toBe(0)
})
