import { expect, test } from 'vitest'
import { createRandom } from '../../../emulator/engine/random.ts'
import { splitRows } from '../../../emulator/engine/splitRows.ts'

const rows = (negatives: number, positives: number) =>
  Uint8Array.from({ length: negatives + positives }, (_, row) => Number(row >= negatives))

const cases: [negatives: number, positives: number, share: number, heldOut: [number, number] | undefined][] =
  [
    [80, 20, 0.25, [20, 5]],
    [80, 20, 0, undefined],
    [3, 2, 0.01, [1, 1]],
    [3, 2, 0.99, [2, 1]],
    [50, 1, 0.25, undefined],
  ]
test.each(cases)(
  'of %d negative and %d positive rows a share of %d is held out by class',
  (n, p, share, expected) => {
    const target = rows(n, p)
    const split = splitRows(target, share, createRandom(1))
    const count = (positive: number) => split?.heldOut.filter((row) => target[row] === positive).length
    expect(split && [count(0), count(1)]).toEqual(expected)
    if (split !== undefined) {
      expect([...split.kept, ...split.heldOut].sort((a, b) => a - b)).toEqual([...target.keys()])
    }
  },
)

test('the same seed holds out the same rows', () => {
  const held = (seed: number) => splitRows(rows(60, 40), 0.3, createRandom(seed))?.heldOut
  expect(held(1)).toEqual(held(1))
  expect(held(1)).not.toEqual(held(2))
})
