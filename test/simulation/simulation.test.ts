import { describe, expect, test } from 'vitest'
import { createAgenda } from './agenda.ts'
import { bugs } from './bugs.ts'
import { runUntil } from './scheduler.ts'
import { simulate } from './simulate.ts'
import { playSeeds } from './tally.ts'

/** The same ones on every machine, however long they take. */
const seedsPlayed = 100

test('no promise is broken in the first seeds, each with its own mix of faults', {
  timeout: 600_000,
}, async () => {
  const range = { from: 1, before: 1 + seedsPlayed, by: 1 }
  const { seeds, runs, violations } = await playSeeds(range, { mostViolations: 1 })
  expect(violations).toEqual([])
  expect(seeds).toBe(seedsPlayed)
  expect(runs).toBeGreaterThan(seedsPlayed)
})

test('the same seed plays the same, step by step', async () => {
  const [one, other] = [await simulate(7, { trace: true }), await simulate(7, { trace: true })]
  expect(one.trace.length).toBeGreaterThan(100)
  expect(other).toEqual(one)
})

describe('planted bugs', () => {
  test.each([
    ['start-before-record', 'S2 or S7'],
    ['marked-before-commit', 'S3'],
    ['quoted-etag', 'S3'],
    ['sas-stored', 'S4'],
    ['deleted-before-next', 'L1'],
    ['joined-sets-forgotten', 'K1'],
    ['live-model-outlived', 'K1'],
  ])('%s breaks %s', { timeout: 600_000 }, async (bug, promise) => {
    const { violations } = await playSeeds({ from: 1, before: 200, by: 1 }, { bug, mostViolations: 1 })
    expect(violations.map((found) => promise.split(' or ').includes(found.promise))).toEqual([true])
  })

  test('an unknown one is refused with the names of all', async () => {
    await expect(
      playSeeds({ from: 1, before: 2, by: 1 }, { bug: 'none', mostViolations: 1 }),
    ).rejects.toThrow(Object.keys(bugs).join(', '))
  })
})

describe('scheduler', () => {
  test('an event runs to its end, with every promise it set going, before the next', async () => {
    const agenda = createAgenda(0)
    const order: string[] = []
    const work = async (name: string) => {
      order.push(`${name} begins`)
      for (let turn = 0; turn < 5; turn++) await null
      order.push(`${name} ends`)
    }
    agenda.after(20, () => void work('second'))
    agenda.after(10, () => void work('first'))
    expect(await runUntil(agenda, 1_000, () => false)).toEqual({ stretch: 'empty', steps: 2 })
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
    expect(agenda.now()).toBe(20)
  })

  test('events of one time come in the order in which they were entered', () => {
    const agenda = createAgenda(0)
    const order: number[] = []
    for (let index = 0; index < 50; index++) agenda.after(index % 3, () => order.push(index))
    while (agenda.runNext());
    const by = (rest: number) =>
      Array.from({ length: 50 }, (_none, index) => index).filter((i) => i % 3 === rest)
    expect(order).toEqual([...by(0), ...by(1), ...by(2)])
  })
})
