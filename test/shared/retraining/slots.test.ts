import { describe, expect, test } from 'vitest'
import { customerCap, freePlace, nextInLine, readyAtMs, type Slot } from '../../../shared/retraining/slots.ts'

const slot = (customerId: string, number: number, share = 1): Slot => ({
  ...{ customerId, model: 'm', generation: 1, number, share },
  ...{ token: `t${number}`, leaseUntilAtMs: 0 },
})
const waiting = (customerId: string, readyAtMs: number) => ({
  customerId,
  model: 'm',
  generation: 1,
  readyAtMs,
})

test.each([
  ['a quarter of the service', { maxJobsInFlight: 40 }, 10],
  ['at least one', { maxJobsInFlight: 1 }, 1],
  ['as the row says', { maxJobsInFlight: 40, maxJobsPerCustomer: 3 }, 3],
])('customerCap: %s', (_when, caps, then) => {
  expect(customerCap(caps)).toBe(then)
})

test.each([
  ['the only free number', [slot('a', 1), slot('b', 3)], 0, { number: 2, share: 1 }],
  ['none at the service cap', [slot('a', 1), slot('b', 2), slot('d', 3)], 0, undefined],
  ['none at the customer cap', [slot('c', 1)], 0, undefined],
  ['the last free number at the upper end of chance', [], 0.999, { number: 3, share: 1 }],
  ['none where a cap was lowered', [slot('a', 1), slot('b', 7), slot('d', 9)], 0, undefined],
])('freePlace: %s', (_when, slots, random, then) => {
  expect(freePlace(slots, { maxJobsInFlight: 3, maxJobsPerCustomer: 1 }, 'c', random)).toEqual(then)
})

describe('nextInLine', () => {
  const caps = { maxJobsInFlight: 2, maxJobsPerCustomer: 1 }

  test('the one that waits longest', () => {
    expect(nextInLine([waiting('a', 1), waiting('b', 2)], [], caps, 0)?.waiting.customerId).toBe('a')
  })

  test('not one whose customer has its share already', () => {
    const next = nextInLine([waiting('a', 1), waiting('b', 2)], [slot('a', 2)], caps, 0)
    expect(next).toEqual({ waiting: waiting('b', 2), place: { number: 1, share: 1 } })
  })

  test('nobody while all is taken', () => {
    expect(nextInLine([waiting('c', 1)], [slot('a', 1), slot('b', 2)], caps, 0)).toBeUndefined()
  })
})

test.each([
  ['since it was opened', { openedAtMs: 5 }, 5],
  ['since its next try is due', { openedAtMs: 5, retry: { dueAtMs: 9 } }, 9],
])('readyAtMs: %s', (_when, run, then) => {
  expect(readyAtMs(run)).toBe(then)
})
