import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig, settingNames } from '../../shared/config.ts'

const storage = { RETRAIN_STORAGE: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=geheim' }
const byIdentity = {
  RETRAIN_STORAGE__blobServiceUri: 'https://acct.blob.core.windows.net/',
  RETRAIN_STORAGE__queueServiceUri: 'https://acct.queue.core.windows.net',
  RETRAIN_STORAGE__tableServiceUri: 'https://acct.table.core.windows.net/',
  RETRAIN_STORAGE__credential: 'managedidentity',
  RETRAIN_STORAGE__clientId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  KEY_VAULT_URI: 'https://vault.vault.azure.net/',
}
const root = join(import.meta.dirname, '..', '..')

test('with the connection string alone every other setting has its default', () => {
  expect(loadConfig(storage)).toEqual({
    ...storage,
    RETRAIN_STORAGE__credential: 'managedidentity',
    POLL_SCHEDULE: '*/30 * * * * *',
    RECONCILE_SCHEDULE: '0 */5 * * * *',
    RETENTION_SCHEDULE: '0 17 */6 * * *',
    RETENTION_DROPS_DAYS: 0,
    RETENTION_TRAINING_SETS_DAYS: 90,
    RETENTION_MODELS_DAYS: 365,
    RETENTION_MODELS_KEPT: 10,
    RETENTION_RUNS_DAYS: 0,
    RETENTION_DEAD_LETTERS_DAYS: 90,
    RETENTION_UNCLAIMED_DAYS: 90,
    RETENTION_AUDIT_DAYS: 0,
    SCHEDULES_SCHEDULE: '30 * * * * *',
    TRAINING_DATA_TRIGGER: 'blob',
    BLOB_TRIGGER_SOURCE: 'LogsAndContainerScan',
    JOB_DEADLINE_MINUTES: 240,
    POLL_FIRST_SECONDS: 15,
    POLL_MAX_SECONDS: 300,
    CHECK_DELAY_SECONDS: 30,
    CHECK_DEADLINE_SECONDS: 600,
    CLAIM_SECONDS: 180,
    SLOT_LEASE_SECONDS: 300,
    RETRY_SECONDS: 30,
    HTTP_TIMEOUT_SECONDS: 60,
    MAX_TRAINING_SET_BYTES: 1_073_741_824,
    MAX_MODEL_BYTES: 536_870_912,
    SECRETS_FILE: undefined,
    SECRET_STORE: undefined,
    ALLOWED_HOSTS: ['.azureml.net', '.blob.core.windows.net'],
    ALLOWED_WEBHOOK_HOSTS: [],
    DEVELOPMENT_LOOPBACK: false,
    WEBSITE_INSTANCE_ID: undefined,
  })
})

test('the example file sets every setting, none but settings, and is accepted', () => {
  const { Values } = JSON.parse(readFileSync(join(root, 'local.settings.example.json'), 'utf8'))
  const ofTheHost = ['AzureWebJobsStorage', 'FUNCTIONS_WORKER_RUNTIME']
  expect(Object.keys(Values).toSorted()).toEqual([...ofTheHost, ...settingNames].toSorted())
  expect(loadConfig(Values)).toMatchObject({
    DEVELOPMENT_LOOPBACK: true,
    SECRETS_FILE: '.local/secrets.json',
    SECRET_STORE: 'file',
  })
})

test('every value that code reads by %NAME% is a setting', () => {
  expect(settingNames).toEqual(expect.arrayContaining(['POLL_SCHEDULE', 'RECONCILE_SCHEDULE']))
})

test('host.json avoids the traps: a delay between attempts, base64, the bundle of version 4', () => {
  const host = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8'))
  expect(host).toMatchObject({
    version: '2.0',
    extensionBundle: { version: '[4.*, 5.0.0)' },
    extensions: {
      queues: { visibilityTimeout: '00:00:30', maxDequeueCount: 5, messageEncoding: 'base64' },
      blobs: { poisonBlobThreshold: 5 },
    },
  })
})

test('an account may be named by its service URIs and an identity, without any key', () => {
  expect(loadConfig(byIdentity)).toMatchObject({ ...byIdentity, RETRAIN_STORAGE: undefined })
})

const bad: [when: string, env: Record<string, string>, then: string][] = [
  [
    'storage missing',
    { RETRAIN_STORAGE: ' ', RETRAIN_STORAGE__blobServiceUri: byIdentity.RETRAIN_STORAGE__blobServiceUri },
    'RETRAIN_STORAGE (missing: a connection string, or RETRAIN_STORAGE__blobServiceUri, __queueServiceUri and __tableServiceUri)',
  ],
  ['no https', { KEY_VAULT_URI: 'http://geheim' }, 'KEY_VAULT_URI (an https URI)'],
  ['no GUID', { RETRAIN_STORAGE__clientId: 'geheim' }, 'RETRAIN_STORAGE__clientId (a GUID)'],
  [
    'another identity',
    { RETRAIN_STORAGE__credential: 'geheim' },
    'RETRAIN_STORAGE__credential (one of managedidentity, workloadidentity)',
  ],
  ['storage no connection string', { RETRAIN_STORAGE: 'geheim' }, 'RETRAIN_STORAGE (a connection string)'],
  ['five fields', { POLL_SCHEDULE: '* * * * *' }, 'POLL_SCHEDULE (a schedule of six fields, seconds first)'],
  [
    'what no timer of Azure Functions reads',
    { RECONCILE_SCHEDULE: '0 0 0 L * *' },
    'RECONCILE_SCHEDULE (a schedule of six fields, seconds first)',
  ],
  ['trigger', { TRAINING_DATA_TRIGGER: 'geheim' }, 'TRAINING_DATA_TRIGGER (one of blob, events)'],
  [
    'source',
    { BLOB_TRIGGER_SOURCE: 'geheim' },
    'BLOB_TRIGGER_SOURCE (one of LogsAndContainerScan, EventGrid)',
  ],
  ['SAS too long', { JOB_DEADLINE_MINUTES: '8581' }, 'JOB_DEADLINE_MINUTES (at most 8580)'],
  ['no number', { MAX_MODEL_BYTES: 'geheim' }, 'MAX_MODEL_BYTES (a whole number)'],
  ['a fraction', { POLL_FIRST_SECONDS: '1.5' }, 'POLL_FIRST_SECONDS (a whole number)'],
  ['zero', { POLL_FIRST_SECONDS: '0' }, 'POLL_FIRST_SECONDS (at least 1)'],
  [
    'flag',
    { DEVELOPMENT_LOOPBACK: 'geheim' },
    'DEVELOPMENT_LOOPBACK (one of true, 1, yes, on, false, 0, no, off)',
  ],
  [
    'hosts',
    { ALLOWED_HOSTS: 'https://geheim' },
    'ALLOWED_HOSTS (host names or suffixes with a leading dot, separated by commas)',
  ],
  [
    'loopback in Azure',
    { DEVELOPMENT_LOOPBACK: 'true', WEBSITE_INSTANCE_ID: 'geheim' },
    'DEVELOPMENT_LOOPBACK (not in Azure, only on a machine of your own)',
  ],
  [
    'a PATCH may outlive half of its claim',
    { HTTP_TIMEOUT_SECONDS: '90', CLAIM_SECONDS: '180' },
    'HTTP_TIMEOUT_SECONDS (less than half of CLAIM_SECONDS)',
  ],
  [
    'first poll after the longest',
    { POLL_FIRST_SECONDS: '301' },
    'POLL_FIRST_SECONDS (at most POLL_MAX_SECONDS)',
  ],
  [
    'check after its deadline',
    { CHECK_DELAY_SECONDS: '60', CHECK_DEADLINE_SECONDS: '60' },
    'CHECK_DELAY_SECONDS (less than CHECK_DEADLINE_SECONDS)',
  ],
]
test.each(bad)('loadConfig refuses: %s', (_when, env, then) => {
  expect(messageOf({ ...storage, ...env })).toBe(`Cannot start: wrong settings: ${then}`)
})

test('all bad settings are named at once, and no value is repeated', () => {
  const env = Object.fromEntries(settingNames.map((name) => [name, 'geheim wert']))
  const message = messageOf({ ...env, DEVELOPMENT_LOOPBACK: 'true', WEBSITE_INSTANCE_ID: 'geheim' })
  const named = settingNames.filter((name) => message.includes(`${name} (`))
  expect(settingNames.filter((name) => !named.includes(name))).toEqual(['SECRETS_FILE'])
  expect(message).not.toContain('geheim')
})

test('ALLOWED_HOSTS is a list, in lower case, without blanks', () => {
  const { ALLOWED_HOSTS } = loadConfig({ ...storage, ALLOWED_HOSTS: ' .Azureml.net , ml.example.org,' })
  expect(ALLOWED_HOSTS).toEqual(['.azureml.net', 'ml.example.org'])
})

function messageOf(env: Record<string, string>): string {
  try {
    loadConfig(env)
    return 'accepted'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
