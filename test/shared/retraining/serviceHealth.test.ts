import { expect, test } from 'vitest'
import {
  afterFailure,
  afterSuccess,
  healthy,
  pausedHealth,
  probedHealth,
  startMode,
  type TroubleCause,
} from '../../../shared/retraining/serviceHealth.ts'

const hourMs = 3_600_000
const why = { reason: '503', firstMs: 300_000 }
const failed = (customers: string, atMs = 0, cause: TroubleCause = 'calls') =>
  [...customers].reduce(
    (health, customerId) => afterFailure(health, { customerId, atMs, cause }, why),
    healthy,
  )

test.each([
  ['four of two customers', 'abab', false],
  ['five of one customer', 'aaaaa', false],
  ['five of two customers', 'aaaab', true],
])('afterFailure: %s', (_when, customers, then) => {
  expect(failed(customers).paused !== undefined).toBe(then)
})

test('afterFailure: failures of long ago are not in a row', () => {
  const health = afterFailure(failed('abab'), { customerId: 'a', atMs: hourMs, cause: 'calls' }, why)
  expect(health.paused).toBeUndefined()
})

test.each([
  ['before the first probe', 299_999, 'closed'],
  ['when the probe is due', 300_000, 'probe'],
] as const)('startMode: %s', (_when, nowMs, then) => {
  expect(startMode(failed('aaaab'), nowMs)).toBe(then)
  expect(startMode(undefined, nowMs)).toBe('open')
})

test('probedHealth: each pause before the next probe is longer, at most an hour', () => {
  let health = pausedHealth(healthy, { ...why, cause: 'calls' }, 0)
  const minutes = [1, 2, 3, 4, 5].map(() => {
    health = probedHealth(health, 0)
    return (health.paused?.probeAtMs ?? 0) / 60_000
  })
  expect(minutes).toEqual([10, 20, 40, 60, 60])
})

test.each<[when: string, customers: string, cause: TroubleCause, success: TroubleCause, paused: boolean]>([
  ['a start ends a pause for failed calls', 'aaaab', 'calls', 'calls', false],
  ['a start does not end a pause for failed jobs', 'aaaab', 'jobs', 'calls', true],
  ['a job that did its work ends any pause', 'aaaab', 'jobs', 'jobs', false],
])('afterSuccess: %s', (_when, customers, cause, success, paused) => {
  expect(afterSuccess(failed(customers, 0, cause), success, 1).paused !== undefined).toBe(paused)
})

test('afterSuccess: the row of failures is over', () => {
  const health = afterSuccess(failed('abab'), 'calls', 1)
  expect(health.failures).toEqual([])
  expect(afterSuccess(health, 'calls', 2)).toBe(health)
})
