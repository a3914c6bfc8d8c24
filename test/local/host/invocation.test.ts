import { expect, test } from 'vitest'
import { expressionValues, resolveExpressions } from '../../../local/host/invocation/expressions.ts'
import { type IndexRules, indexFunctions } from '../../../local/host/invocation/indexFunctions.ts'
import { retryDelayMs } from '../../../local/host/invocation/retryDelay.ts'
import { messageTexts } from '../../../local/host/invocation/storageBindings.ts'
import type {
  Binding,
  RegisteredFunction,
  RetryOptions,
  RpcData,
} from '../../../local/host/worker/protocol.ts'

const outputs: [when: string, data: RpcData, then: string[]][] = [
  ['a text', { string: 'a' }, ['a']],
  ['an object', { json: '{"a":1}' }, ['{"a":1}']],
  ['an array', { json: '[{"a":1},"b",2]' }, ['{"a":1}', 'b', '2']],
  ['a text that reads as an array', { string: '["a","b"]' }, ['a', 'b']],
  ['bytes', { bytes: Buffer.from('ü') }, ['ü']],
  ['a number', { int: 7 }, ['7']],
  ['an empty array', { json: '[]' }, []],
]
test.each(outputs)('messageTexts: %s', (_when, data, then) => {
  expect(messageTexts(data)).toEqual(then)
})

test('an expression takes values of the trigger, in any case and from inside objects', () => {
  const values = expressionValues({ Name: { string: 'a.csv' }, body: { json: '{"run":{"id":7}}' } })
  expect(resolveExpressions('out/{name}/{body.run.id}', values, 0)).toBe('out/a.csv/7')
  expect(resolveExpressions('{DateTime}', values, 0)).toBe('1970-01-01T00:00:00Z')
  expect(resolveExpressions('{rand-guid}', values, 0)).toMatch(/^[0-9a-f-]{36}$/)
  expect(() => resolveExpressions('out/{body}', values, 0)).toThrow('Cannot resolve {body} of "out/{body}"')
})

const fixed: RetryOptions = { maxRetryCount: 2, retryStrategy: 'fixedDelay', delayInterval: { seconds: 5 } }
const growing: RetryOptions = {
  maxRetryCount: -1,
  retryStrategy: 'exponentialBackoff',
  minimumInterval: { seconds: 2 },
  maximumInterval: { seconds: 60 },
}
const delays: [when: string, policy: RetryOptions | undefined, count: number, then: number | undefined][] = [
  ['no policy', undefined, 1, undefined],
  ['fixed', fixed, 2, 5_000],
  ['fixed, used up', fixed, 3, undefined],
  ['growing', growing, 3, 8_000],
  ['growing, for ever', growing, 1_000, 60_000],
]
test.each(delays)('retryDelayMs: %s', (_when, policy, count, then) => {
  expect(retryDelayMs(policy, count, 0.5)).toBe(then)
})

const rules: IndexRules = {
  environment: { QUEUE: 'Jobs', SCHEDULE: '0 * * * * *' },
  functionNames: undefined,
  hasExtensionBundle: true,
}
const named = (name: string, binding: Omit<Binding, 'direction'>): RegisteredFunction => ({
  name,
  bindings: { trigger: { ...binding, direction: 'in' } as Binding },
})
const timer = named('tick', { type: 'timerTrigger', schedule: '%SCHEDULE%' })
const queue = named('work', { type: 'queueTrigger', queueName: '%QUEUE%', connection: 'Storage' })

test('settings in bindings are resolved; queue names are in lower case', () => {
  expect(indexFunctions([timer, queue], rules).map(({ trigger }) => trigger)).toEqual([
    { kind: 'timer', schedule: '0 * * * * *', runOnStartup: false, useMonitor: true },
    { kind: 'queue', queueName: 'jobs', connection: 'Storage' },
  ])
})

test('a disabled function and one that host.json leaves out do not run', () => {
  const environment = { ...rules.environment, 'AzureWebJobs.work.Disabled': 'true' }
  expect(indexFunctions([timer, queue], { ...rules, environment })).toMatchObject([{ name: 'tick' }])
  expect(indexFunctions([timer, queue], { ...rules, functionNames: ['work'] })).toMatchObject([
    { name: 'work' },
  ])
  expect(() => indexFunctions([queue], { ...rules, environment })).toThrow('every function is disabled')
})

test('every function that cannot run is named', () => {
  const bad = [
    named('late', { type: 'timerTrigger', schedule: 'hourly' }),
    named('lost', { type: 'queueTrigger', queueName: '%NONE%' }),
    named('hub', { type: 'eventHubTrigger' }),
    queue,
  ]
  expect(() => indexFunctions(bad, { ...rules, hasExtensionBundle: false })).toThrow(
    'Cannot start the host: ' +
      'function late: schedule "hourly" is neither an NCRONTAB expression of 5 or 6 fields nor a time span: it has neither six fields nor five; ' +
      'function lost: Cannot resolve queueName: there is no setting NONE; ' +
      'function hub: this host has no trigger of type eventHubTrigger; ' +
      'function work: its storage bindings need "extensionBundle" in host.json',
  )
})

test('an app without functions is an error that says so', () => {
  expect(() => indexFunctions([], rules)).toThrow(
    'the app registered no function; does its entry point call app.*?',
  )
})
