import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningAzurite, startAzurite } from '../../local/azurite.ts'
import { createAzureStores } from '../../shared/adapters/azureStores.ts'
import { createCustomerTable } from '../../shared/adapters/customerTable.ts'
import { createWebServiceTable } from '../../shared/adapters/webServiceTable.ts'
import { root } from './folders.ts'

const guide = readFileSync(join(root, 'docs', 'deploying.md'), 'utf8')
const example = /```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
let folder: string
let azurite: RunningAzurite

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'))
  azurite = await startAzurite()
})
afterAll(async () => {
  await azurite.stop()
  rmSync(folder, { recursive: true })
})

function put(text: string) {
  const file = join(folder, 'settings.json')
  writeFileSync(file, text)
  const script = join(root, 'scripts', 'putSettings.ts')
  return spawnSync(process.execPath, [script, file, '--connection', azurite.connectionString], {
    encoding: 'utf8',
  })
}

test('the settings of docs/deploying.md are what the app reads', async () => {
  const { stdout, status } = put(example)
  expect([stdout, status]).toEqual(['written: 1 training services, 1 models\n', 0])
  const { tables } = createAzureStores(azurite.connectionString)
  const model = await createCustomerTable(tables.customers).readSettings({
    customerId: 'contoso',
    model: 'census',
  })
  expect(model).toMatchObject({ trainingService: 'census training', quietSeconds: 60 })
  const service = await createWebServiceTable(tables.webservices).readTrainingService('census training')
  expect(service).toMatchObject({ apiKey: 'keyvault:census-training', maxJobsInFlight: 20 })
})

test('wrong settings are one line and exit code 1', () => {
  const { stderr, status } = put(example.replace('"latest"', '"newest"'))
  expect(status).toBe(1)
  expect(stderr.trim().split('\n').at(-1)).toMatch(/^Cannot .*trainingData/)
})
