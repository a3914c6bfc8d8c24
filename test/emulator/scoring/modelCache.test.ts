import { expect, test } from 'vitest'
import { decodeModel, trainJob } from '../../../emulator/engine/index.ts'
import { createModelCache, liveModel } from '../../../emulator/scoring/modelCache.ts'
import { fruitCsv } from '../fruit.ts'

const { model } = trainJob(
  {
    ...{ kind: 'training', name: 'Fruit', inputPort: 'input1', outputs: { model: 'o1', evaluation: 'o2' } },
    columns: [
      { name: 'size', type: 'numeric' },
      { name: 'colour', type: 'categorical' },
    ],
    label: { column: 'good' },
    learner: { kind: 'twoClassBoostedDecisionTree', numberOfTrees: 2 },
  },
  Buffer.from(fruitCsv(60)),
)

function cacheOf(models: number) {
  const reads: string[] = []
  const files = {
    async read(name: string) {
      reads.push(name)
      return Buffer.from(model)
    },
  }
  const reader = { read: async (file: Uint8Array) => decodeModel(file) }
  return { reads, cache: createModelCache(files, reader, model.length * models) }
}

test('a model is read once, also when two ask for it at the same time', async () => {
  const { reads, cache } = cacheOf(2)
  const [first, second] = await Promise.all([cache.load('a'), cache.load('a')])
  expect(first).toBe(second)
  expect([reads, cache.peek('a')]).toEqual([['a'], first])
})

test('the one longest not asked for goes when there are too many bytes', async () => {
  const { cache } = cacheOf(2)
  await cache.load('a')
  await cache.load('b')
  cache.peek('a')
  await cache.load('c')
  expect(['a', 'b', 'c'].map((name) => cache.peek(name) !== undefined)).toEqual([true, false, true])
  expect(cache.sizeBytes()).toBe(2 * model.length)
})

test('one model is kept even when it is larger than all that is allowed', async () => {
  const { cache } = cacheOf(0.5)
  await cache.load('a')
  expect(cache.peek('a')).toBeDefined()
})

const installs = [
  { model: 'a', liveFromMs: 0 },
  { model: 'b', liveFromMs: 100 },
  { model: 'c', liveFromMs: 200 },
]
test.each([
  [99, 'a'],
  [100, 'b'],
  [199, 'b'],
  [200, 'c'],
])('at %s the model %s answers', (nowMs, name) => {
  expect(liveModel(installs, nowMs)).toBe(name)
})
