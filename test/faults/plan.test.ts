import { expect, test } from 'vitest'
import { createRandom } from '../simulation/random.ts'
import { faultKinds, planFaults } from './plan.ts'

test('the same seed plans the same faults, another one others', () => {
  const plan = (seed: number) => planFaults(createRandom(seed), 60_000)
  expect(plan(7)).toEqual(plan(7))
  expect(plan(7)).not.toEqual(plan(8))
})

test('three minutes hold more than twenty kills and every kind of fault', () => {
  const plan = planFaults(createRandom(1), 180_000)
  expect(plan.filter(({ family }) => family === 'kill').length).toBeGreaterThan(20)
  for (const [family, kinds] of Object.entries(faultKinds)) {
    const planned = new Set(plan.filter((fault) => fault.family === family).map(({ kind }) => kind))
    expect([...planned].sort()).toEqual([...kinds].sort())
  }
})

test('faults come in order, none after the time', () => {
  const times = planFaults(createRandom(3), 30_000).map(({ atMs }) => atMs)
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  expect(times.at(-1)).toBeLessThan(30_000)
})
