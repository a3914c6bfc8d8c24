import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type BicepFile, propertyOf } from '../../scripts/infra/bicepFile.ts'
import { childrenOf, literalText, propertiesOf } from '../../scripts/infra/bicepTree.ts'
import { readBicepFiles } from '../../scripts/infra/checkInfra.ts'
import { loadConfig, settingNames } from '../../shared/config.ts'
import { root } from './folders.ts'

const files = await readBicepFiles(root)
const fileOf = (path: string): BicepFile => {
  const file = files.get(path)
  if (file === undefined) throw new Error(`there is no ${path}`)
  return file
}

/** The object that a variable holds, as texts; an expression shows as its source. */
function objectOf(path: string, variable: string): Record<string, string> {
  const value = fileOf(path).variables.get(variable)
  if (value === undefined) throw new Error(`${path} has no ${variable}`)
  return Object.fromEntries(
    propertiesOf(value).map((each) => [each.name, literalText(each.value) ?? each.value.text]),
  )
}

/** Settings that a deployed app does without, and why. */
const notDeployed: Record<string, string> = {
  RETRAIN_STORAGE: 'storage is reached by identity: RETRAIN_STORAGE__blobServiceUri and its like',
  SECRETS_FILE: 'secrets are in Key Vault',
}

const set = objectOf('infra/modules/functionApp.bicep', 'appSettings')

test('every setting that the code reads is set by the deployment, and none that it does not', () => {
  const due = settingNames.filter((name) => notDeployed[name] === undefined)
  expect(Object.keys(set).toSorted()).toEqual(due.toSorted())
})

test('the deployed values are ones that the app accepts in Azure', () => {
  const guid = '0f8fad5b-d9cb-469f-a165-70867728950e'
  const env = Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      if (/(Uri|URI)$/.test(name)) return [name, 'https://a.example.net/']
      return [name, value.replace(/^'(.*)'$/, '$1').replace(/\$\{[^}]*\}/g, 'core.windows.net')]
    }),
  )
  const given = { ...env, RETRAIN_STORAGE__clientId: guid, TRAINING_DATA_TRIGGER: 'events' }
  const config = loadConfig({ ...given, WEBSITE_INSTANCE_ID: 'x' })
  expect(config.ALLOWED_HOSTS).toEqual(['.azureml.net', '.blob.core.windows.net'])
  expect(config.BLOB_TRIGGER_SOURCE).toBe('EventGrid')
})

test('no setting that Flex Consumption refuses is set', () => {
  const host = objectOf('infra/modules/functionApp.bicep', 'hostSettings')
  const refused = /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_.*|AzureWebJobsStorage)$/
  expect(Object.keys({ ...host, ...set }).filter((name) => refused.test(name))).toEqual([])
})

/** A list of literal texts that a module gets; other items show as their source. */
function listOf(module: string, parameter: string): string[] {
  const found = fileOf('infra/modules/retraining.bicep').modules.find(({ name }) => name === module)
  const params = found && propertyOf(found, 'params')
  const value = params && propertiesOf(params).find(({ name }) => name === parameter)?.value
  return value === undefined ? [] : childrenOf(value).map((item) => literalText(item) ?? item.text)
}

const stores = readFileSync(join(root, 'shared', 'adapters', 'azureStores.ts'), 'utf8')
const usedBy = (kind: string) =>
  [...stores.matchAll(new RegExp(`\\b${kind}\\('([^']+)'\\)`, 'g'))].map(([, name = '']) => name)

test.each([
  ['table', 'tables'],
  ['queue', 'queues'],
  ['container', 'containers'],
])('every %s of the app is made by the deployment', (kind, parameter) => {
  const made = listOf('dataStorage', parameter).map((name) =>
    name === 'eventQueue' ? 'training-data-events' : name,
  )
  expect(made.length).toBeGreaterThan(2)
  expect(usedBy(kind).filter((name) => !made.includes(name))).toEqual([])
})

test('no account of the deployment can be opened by its key', () => {
  const texts = [...files.values()].map(({ root: tree }) => tree.text).join('\n')
  expect(texts).toContain('allowSharedKeyAccess: false')
  expect(texts).not.toMatch(/listKeys\([^)]*[Ss]torage|AccountKey|listAccountSas|connectionString\.key/)
})

test('alert rules look for what the app logs', () => {
  const queries = fileOf('infra/modules/alerts.bicep').root.text
  const sources = ['shared/retraining/endRun.ts', 'shared/retraining/buryMessage.ts'].map((path) =>
    readFileSync(join(root, path), 'utf8'),
  )
  expect(queries).toContain('message startswith "run failed:"')
  expect(sources[0]).toMatch(/`run \$\{state\}: \$\{reason\}`/)
  expect(queries).toContain('message startswith "message buried:"')
  expect(sources[1]).toMatch(/`message buried: \$\{reason\}`/)
  expect(queries).toContain('name == "pollJobs"')
  expect(readFileSync(join(root, 'functions', 'pollJobs.ts'), 'utf8')).toContain("app.timer('pollJobs'")
})
