import { afterAll, expect, test } from 'vitest'
import { decodeModel, ModelFileError, trainJob } from '../../../emulator/engine/index.ts'
import { createModelReader } from '../../../emulator/scoring/modelReader.ts'
import { bytesOf, experimentOf, makeCsv, mixedColumns } from '../engine/sampleData.ts'

const reader = createModelReader()
afterAll(() => reader.close())

const fileOf = (numberOfTrees: number) => {
  const experiment = experimentOf(mixedColumns, {
    kind: 'twoClassBoostedDecisionTree',
    numberOfTrees,
  })
  return trainJob(experiment, bytesOf(makeCsv(200, 1))).model
}
const large = fileOf(2_000)

test('a small file, and a large one in a thread, are read as decodeModel reads them', async () => {
  expect(large.length).toBeGreaterThan(200_000)
  for (const file of [fileOf(2), large]) expect(await reader.read(file)).toEqual(decodeModel(file))
})

test('a large file that is no model is refused with what is wrong, and the next one is read', async () => {
  const damaged = Uint8Array.from(large)
  damaged[1_000] = (damaged[1_000] ?? 0) ^ 1
  const error = await reader.read(damaged).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(ModelFileError)
  expect((error as Error).message).toMatch(/checksum/)
  expect((await reader.read(large)).rows).toBe(200)
})
