import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { checkFile, drop } from '../../../local/cli/drop.ts'
import { createAzureBlobs } from '../../../shared/adapters/storage/azureBlob.ts'
import type { ModelSettings } from '../../../shared/retraining/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'retrain-drop-'))
const file = join(folder, 'x.csv')
writeFileSync(file, 'a,damage\n1,yes\n')

/** Storage with a container of its own; only customer `known` has a model. */
async function openStorage(container: string) {
  const trainingData = createAzureBlobs(inject('storage'), container)
  await trainingData.create()
  const settings = {} as ModelSettings
  const tables = {
    readSettings: async (key: { customerId: string }) => (key.customerId === 'known' ? settings : undefined),
    putSettings: async () => {},
    listModels: async () => ({ items: [] }),
    readTrainingService: async () => undefined,
    putTrainingService: async () => {},
  }
  return { trainingData, tables }
}
const command = (customerId: string, isJson = false) =>
  ({ kind: 'drop', customerId, model: 'm', file, blobName: `${customerId}/m/x.csv`, isJson }) as const

test('a drop lands under its name; the same content again is said to train nothing', async () => {
  const storage = await openStorage('cli-drop-known')
  expect(await drop(storage, command('known'))).toEqual({
    lines: [`dropped ${file} (15 bytes) as training-data/known/m/x.csv`],
    exitCode: 0,
  })
  const bytes = await storage.trainingData.read('known/m/x.csv', 100)
  expect(new TextDecoder().decode(bytes)).toBe('a,damage\n1,yes\n')
  expect((await drop(storage, command('known'))).lines.at(1)).toMatch(
    /recorded as unchanged and trains nothing/,
  )
})

test('a drop of an unknown customer lands, and is said to be unclaimed', async () => {
  const storage = await openStorage('cli-drop-unknown')
  const { lines, exitCode } = await drop(storage, command('nobody'))
  expect(lines.at(1)).toBe('customer nobody has no model m: the drop is unclaimed until it is added')
  expect(exitCode).toBe(2)
  const asJson = await drop(storage, command('nobody', true))
  expect(asJson.exitCode).toBe(2)
  expect(JSON.parse(asJson.lines.join())).toEqual({
    customer: 'nobody',
    model: 'm',
    blob: 'training-data/nobody/m/x.csv',
    sizeBytes: 15,
    isKnown: false,
    isUnchanged: true,
  })
})

test('a missing, an empty file and a folder are refused in one line', () => {
  const empty = join(folder, 'empty.csv')
  writeFileSync(empty, '')
  expect(() => checkFile(join(folder, 'none.csv'))).toThrow('there is no such file')
  expect(() => checkFile(empty)).toThrow('it is empty')
  expect(() => checkFile(folder)).toThrow('it is no file')
})
