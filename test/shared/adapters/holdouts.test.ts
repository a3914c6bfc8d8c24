import { expect, test } from 'vitest'
import { createHoldouts } from '../../../shared/adapters/holdouts.ts'
import type { Scores } from '../../../shared/retraining/scores.ts'
import { createMemoryBlobs } from '../../fakes/memoryBlobs.ts'

const key = { customerId: 'contoso', model: 'census', generation: 3 }

async function holding(text: string) {
  const blobs = createMemoryBlobs('holdouts', { now: () => 0 })
  await blobs.putText('contoso/census/held.csv', text)
  return { blobs, holdouts: createHoldouts(blobs) }
}

test('a small file is read whole, in its order, quotes, CRLF and byte order mark and all', async () => {
  const { holdouts } = await holding('\uFEFFage,"name, full"\r\n39,"Doe, ""Jo"""\r\n40,Roe\r\n')
  expect(await holdouts.readHoldout(key, 'held.csv', 10)).toEqual({
    ...{ kind: 'found', etag: '0x1', seen: 2 },
    rows: [
      { age: '39', 'name, full': 'Doe, "Jo"' },
      { age: '40', 'name, full': 'Roe' },
    ],
  })
})

test('of a larger one a sample is taken: always the same, in order, spread over the whole file', async () => {
  const lines = Array.from({ length: 20_000 }, (_none, index) => String(index))
  const { holdouts } = await holding(`n\n${lines.join('\n')}\n`)
  const one = await holdouts.readHoldout(key, 'held.csv', 500)
  expect(await holdouts.readHoldout(key, 'held.csv', 500)).toEqual(one)
  if (one.kind !== 'found') throw new Error('not found')
  const numbers = one.rows.map(({ n }) => Number(n))
  expect(one.seen).toBe(20_000)
  expect(numbers).toHaveLength(500)
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  const early = numbers.filter((n) => n < 10_000).length
  expect(early).toBeGreaterThan(200)
  expect(early).toBeLessThan(300)
})

test.each<[when: string, text: string, mostRows: number, reason: RegExp]>([
  ['a row of other length', 'a,b\n1,2\n3\n', 10, /^row 2 has 1 columns, the header 2$/],
  ['a record without an end', `a\n"${'x'.repeat(70_000)}`, 10, /^a record has more than 65536 characters$/],
  ['too much altogether', `a\n${`${'x'.repeat(60_000)}\n`.repeat(300)}`, 1_000, /too large/],
])('%s is said', async (_when, text, mostRows, reason) => {
  const { holdouts } = await holding(text)
  const found = await holdouts.readHoldout(key, 'held.csv', mostRows)
  expect(found).toMatchObject({ kind: 'unfit', reason: expect.stringMatching(reason) })
})

test('a blob of another model is not found', async () => {
  const { holdouts } = await holding('a\n1\n')
  expect(await holdouts.readHoldout({ ...key, model: 'churn' }, 'held.csv', 10)).toEqual({ kind: 'missing' })
})

test('scores are kept, read back, and removed', async () => {
  const { blobs, holdouts } = await holding('a\n1\n')
  const scores: Scores = { v: 1, etag: '0x1', attempt: 1, live: 2, candidate: [0.5], champion: [0.25] }
  expect(await holdouts.readScores(key)).toBeUndefined()
  await holdouts.writeScores(key, scores)
  expect(await holdouts.readScores(key)).toEqual(scores)
  expect(await blobs.facts('contoso/census/.scores/0000000003.json')).toBeDefined()
  await holdouts.removeScores(key)
  expect(await holdouts.readScores(key)).toBeUndefined()
})
