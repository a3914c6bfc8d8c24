import { expect, test } from 'vitest'
import { type LogEntry, passesFilter } from '../../../local/host/log.ts'
import { hostIdOf, parseLocalSettings, resolveSettings } from '../../../local/host/settings/environment.ts'
import { parseHostSettings } from '../../../local/host/settings/hostSettings.ts'
import { parseTimeSpan } from '../../../local/host/settings/timeSpan.ts'
import { readTuning } from '../../../local/host/settings/tuning.ts'

const day = 86_400_000

// What TimeSpan.TryParse of .NET 10 answered.
const spans: [text: string, ms: number | undefined][] = [
  ['00:00:30', 30_000],
  [' 23:59:59 ', day - 1_000],
  ['00:00:00.100', 100],
  ['0:0:.5', 500],
  ['1.02:00:00', 26 * 3_600_000],
  ['1.02:00', 26 * 3_600_000],
  ['1:02:00:00', 26 * 3_600_000],
  ['1:02:00:00.25', 26 * 3_600_000 + 250],
  ['000:007:0000003', 423_000],
  ['12:30', 45_000_000],
  ['24:00:00', 24 * day],
  ['24:23:59', 24 * day + 86_340_000],
  ['30', 30 * day],
  ['10675199', 10_675_199 * day],
  ['-00:00:01', -1_000],
  ['-5', -5 * day],
  ['0', 0],
  ['', undefined],
  ['- 5', undefined],
  ['+5', undefined],
  ['5.5', undefined],
  ['1.', undefined],
  ['5:', undefined],
  [':5:5', undefined],
  ['5::5', undefined],
  ['1:1.5', undefined],
  ['24:00', undefined],
  ['23:60:00', undefined],
  ['1:2:60', undefined],
  ['1:2:3.', undefined],
  ['24:00:00.5', undefined],
  ['1.24:00:00', undefined],
  ['1:24:00:00', undefined],
  ['1.1:1:1:1', undefined],
  ['1:1:1:1:1', undefined],
  ['10675200', undefined],
  ['P1D', undefined],
]
test.each(spans)('parseTimeSpan: "%s"', (text, ms) => {
  expect(parseTimeSpan(text)).toBe(ms)
})

const parse = (json: object, environment: Record<string, string> = {}) =>
  parseHostSettings(JSON.stringify(json), { environment, cores: 2 })

test('an empty host.json has the defaults of the real host', () => {
  expect(parse({ version: '2.0' })).toEqual({
    functionTimeoutMs: 1_800_000,
    routePrefix: 'api',
    queues: {
      batchSize: 16,
      newBatchThreshold: 16,
      maxPollingMs: 60_000,
      visibilityMs: 0,
      maxDequeueCount: 5,
      messageEncoding: 'base64',
    },
    blobs: { maxDegreeOfParallelism: 16, poisonBlobThreshold: 5 },
    listenerLockMs: 60_000,
    functionNames: undefined,
    hasExtensionBundle: false,
    logFilter: new Map(),
  })
})

test('the environment overrides host.json, in any case', () => {
  const json = { version: '2.0', extensions: { queues: { batchSize: 8 } }, functionTimeout: '-1' }
  const settings = parse(json, {
    AzureFunctionsJobHost__extensions__queues__batchSize: '4',
    AZUREFUNCTIONSJOBHOST__EXTENSIONS__QUEUES__VISIBILITYTIMEOUT: '00:00:30',
    'AzureFunctionsJobHost:logging:logLevel:Function.work': 'Debug',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
  })
  expect(settings.queues).toMatchObject({ batchSize: 4, visibilityMs: 30_000, maxPollingMs: 2_000 })
  expect(settings.functionTimeoutMs).toBeUndefined()
  expect(settings.logFilter.get('function.work')).toBe('debug')
})

test('everything that the real host refuses is named at once', () => {
  const json = { version: '3.0', extensions: { queues: { batchSize: 33, visibilityTimeout: '30' } } }
  expect(() => parse(json)).toThrow(
    'Cannot read host.json: version must be "2.0", not "3.0"; ' +
      'extensions.queues.batchSize must be a whole number from 1 to 32, not "33"; ' +
      'extensions.queues.visibilityTimeout must be a time span (hh:mm:ss) of 0 s or more, not "30"',
  )
  expect(() => parse({})).toThrow('version must be "2.0", not ""')
  expect(() => parseHostSettings('{', { environment: {}, cores: 1 })).toThrow('it is no JSON')
})

test('a setting in percent signs is resolved, a missing one named', () => {
  expect(resolveSettings('%A%/{name}', { A: 'drops' }, 'path')).toBe('drops/{name}')
  expect(() => resolveSettings('%A%', {}, 'queueName')).toThrow(
    'Cannot resolve queueName: there is no setting A',
  )
})

test('values of local.settings.json become texts; an encrypted file is refused', () => {
  expect(parseLocalSettings('{"Values":{"A":1,"B":true,"C":"x"}}')).toEqual({ A: '1', B: 'true', C: 'x' })
  expect(() => parseLocalSettings('{"IsEncrypted":true}')).toThrow('it is encrypted')
})

test('a host id is made of the folder, or given and checked', () => {
  expect(hostIdOf('/a', {})).toMatch(/^[a-z0-9-]{1,32}$/)
  expect(hostIdOf('/a', {})).not.toBe(hostIdOf('/b', {}))
  expect(hostIdOf('/a', { AzureFunctionsWebHost__hostid: 'mine-1' })).toBe('mine-1')
  expect(() => hostIdOf('/a', { AzureFunctionsWebHost__hostid: 'Mine' })).toThrow('Cannot use host id "Mine"')
})

test('what a local stack may set has the values of the real host and is checked', () => {
  expect(readTuning({})).toMatchObject({ dequeueLeaseSeconds: 600, blobScanMs: 10_000, lockRetryMs: 60_000 })
  expect(readTuning({ LOCAL_HOST_BLOB_SCAN_MS: '250' }).blobScanMs).toBe(250)
  expect(() => readTuning({ LOCAL_HOST_BLOB_SCAN_MS: '1', LOCAL_HOST_SIMULATE_EVENTS: 'x' })).toThrow(
    'LOCAL_HOST_BLOB_SCAN_MS must be a whole number, 10 or more, not "1"; LOCAL_HOST_SIMULATE_EVENTS must be one of true, false, not "x"',
  )
})

const levels: [when: string, category: string, level: LogEntry['level'], passes: boolean][] = [
  ['the default level', 'Host', 'information', true],
  ['under the default level', 'Host', 'debug', false],
  ['the longest category that fits', 'Function.work.User', 'debug', true],
  ['a category that only begins alike', 'Function.worker', 'information', false],
  ['none lets nothing through', 'Host.Timers', 'error', false],
]
test.each(levels)('passesFilter: %s', (_when, category, level, passes) => {
  const filter = new Map([
    ['function', 'warning'],
    ['function.work.user', 'debug'],
    ['host.timers', 'none'],
  ] as const)
  expect(passesFilter(filter, { category, level, message: '' })).toBe(passes)
})
