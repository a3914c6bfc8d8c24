import { expect, test } from 'vitest'
import type { TreeEnsemble } from '../../../../emulator/engine/model.ts'
import type { TrainingTable } from '../../../../emulator/engine/table.ts'
import { numericBounds } from '../../../../emulator/engine/trees/bins.ts'
import { createGradients } from '../../../../emulator/engine/trees/gradients.ts'
import { trainTrees } from '../../../../emulator/engine/trees/train.ts'
import { fc } from '../../../setup/properties.ts'

type Row = { x: number | null; level: string; isPositive: boolean }

function tableOf(rows: Row[]): TrainingTable {
  const levels = [...new Set(rows.map((row) => row.level))]
  return {
    rows: rows.length,
    columns: [
      { kind: 'numeric', name: 'x', values: Float32Array.from(rows, ({ x }) => x ?? Number.NaN) },
      {
        kind: 'categorical',
        name: 'l',
        codes: Int32Array.from(rows, ({ level }) => levels.indexOf(level)),
        levels,
      },
    ],
    label: { column: 'y', negative: 'no', positive: 'yes' },
    target: Uint8Array.from(rows, ({ isPositive }) => Number(isPositive)),
  }
}

const train = (rows: Row[], more: object = {}) =>
  trainTrees(tableOf(rows), {
    numberOfTrees: 1,
    numberOfLeaves: 2,
    minimumLeafInstances: 2,
    learningRate: 1,
    ...more,
  })

/** Every way to put rows to one side that a split may have. */
function everySplit(rows: Row[]): boolean[][] {
  const present = [...new Set(rows.flatMap(({ x }) => (x === null ? [] : [x])))]
  const byNumber = present.flatMap((bound) =>
    [true, false].map((missingYes) => rows.map(({ x }) => (x === null ? missingYes : x <= bound))),
  )
  return [...byNumber, ...rows.map(({ level }) => rows.map((row) => row.level === level))]
}

/** The most that one split brings, computed plainly: sum of G²/H, where every hessian is p (1 - p). */
function bestScore(rows: Row[], leastRows: number): number {
  const share = rows.filter((row) => row.isPositive).length / rows.length
  const score = (side: Row[]) => {
    const gradient = side.reduce((sum, row) => sum + share - Number(row.isPositive), 0)
    return gradient ** 2 / (side.length * share * (1 - share))
  }
  const scores = everySplit(rows).map((isYes) => {
    const [yes, no] = [rows.filter((_, i) => isYes[i]), rows.filter((_, i) => !isYes[i])]
    return yes.length < leastRows || no.length < leastRows ? 0 : score(yes) + score(no)
  })
  return Math.max(0, ...scores)
}

/** The score of the split that the tree has, computed from its leaves: value = -G/H. */
function treeScore(rows: Row[], fit: TreeEnsemble, levels: readonly string[]): number {
  const share = rows.filter((row) => row.isPositive).length / rows.length
  return rows.reduce((sum, row) => sum + leafOf(row, fit, levels) ** 2 * share * (1 - share), 0)
}

function leafOf(row: Row, fit: TreeEnsemble, levels: readonly string[]): number {
  let node = 0
  while (fit.mode[node] !== 0) {
    const value = fit.feature[node] === 0 ? row.x : levels.indexOf(row.level)
    const threshold = fit.value[node] ?? Number.NaN
    const isYes =
      value === null
        ? fit.missingYes[node] === 1
        : fit.mode[node] === 2
          ? value === threshold
          : value <= threshold
    node = (isYes ? fit.yes[node] : fit.no[node]) ?? 0
  }
  return fit.value[node] ?? Number.NaN
}

const row = fc.record({
  x: fc.option(fc.integer({ min: -5, max: 5 }), { freq: 5 }),
  level: fc.constantFrom('a', 'b', 'c', ''),
  isPositive: fc.boolean(),
})
const manyRows = fc
  .array(row, { minLength: 6, maxLength: 40 })
  .filter((rows) => new Set(rows.map(({ isPositive }) => isPositive)).size === 2)

test('the first split is the best that there is', () => {
  fc.assert(
    fc.property(manyRows, (rows) => {
      const { fit, inputs } = train(rows)
      const levels = inputs[1]?.kind === 'categorical' ? inputs[1].levels : []
      expect(treeScore(rows, fit, levels)).toBeCloseTo(bestScore(rows, 2), 3)
    }),
  )
})

test('every leaf has at least the rows that it must have, and a tree no more leaves than it may', () => {
  fc.assert(
    fc.property(
      manyRows,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 2, max: 6 }),
      (rows, least, leaves) => {
        const { fit, inputs } = train(rows, { minimumLeafInstances: least, numberOfLeaves: leaves })
        const levels = inputs[1]?.kind === 'categorical' ? inputs[1].levels : []
        const counts = new Map<number, number>()
        for (const one of rows) {
          const leaf = leafOf(one, fit, levels)
          counts.set(leaf, (counts.get(leaf) ?? 0) + 1)
        }
        expect(fit.mode.filter((mode) => mode === 0).length).toBeLessThanOrEqual(leaves)
        for (const count of counts.values())
          expect(count).toBeGreaterThanOrEqual(Math.min(least, rows.length))
      },
    ),
  )
})

test('bounds lie between the values that occur, and are at most 253', () => {
  const bounds = (values: number[]) => [
    ...numericBounds({ kind: 'numeric', name: 'x', values: Float32Array.from(values) }),
  ]
  expect(bounds([3, 1, Number.NaN, 3, 2])).toEqual([1.5, 2.5])
  expect(bounds([7, 7])).toEqual([])
  expect(bounds([Number.NaN])).toEqual([])
  const neighbours = [16_777_215, 16_777_216]
  expect(bounds(neighbours)).toEqual([16_777_215])
  expect(bounds(Array.from({ length: 10_000 }, (_, i) => i)).length).toBe(253)
})

test('one addition counts rows and adds hessians, for a million rows too', () => {
  const rows = 1_000_000
  const { pairs, unit, steps } = createGradients(new Uint8Array(rows), 3)
  let packed = 0
  for (let at = 1; at < pairs.length; at += 2) packed += pairs[at] ?? Number.NaN
  expect(Math.floor(packed / unit)).toBe(rows)
  expect((packed % unit) / steps / rows).toBeCloseTo(0.75 * 0.25, 6)
})
