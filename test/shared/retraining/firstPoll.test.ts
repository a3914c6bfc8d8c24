import { expect, test } from 'vitest'
import { firstPollSeconds, usualSecondsAfter } from '../../../shared/retraining/backoff.ts'
import { createWorld, dropped } from '../../fakes/world.ts'

test.each([
  ['nothing is known: the least', undefined, 0.5, 15],
  ['a bit before the usual end', 1_000, 0.5, 800],
  ['never below the least', 10, 0.5, 15],
  ['with jitter', 1_000, 1, 840],
])('firstPollSeconds: %s', (_when, usual, random, then) => {
  expect(firstPollSeconds(usual, 15, random)).toBe(then)
})

test.each([
  ['the first job', undefined, 100, 100],
  ['a job as usual', 100, 100, 100],
  ['a quicker one counts by a quarter', 100, 60, 90],
])('usualSecondsAfter: %s', (_when, usual, last, then) => {
  expect(usualSecondsAfter(usual, last)).toBe(then)
})

test.each([
  ['half of what was usual', 100, 120, 50],
  ['half of what was waited', 100, 80, 40],
  ['the first job', undefined, 16, 8],
])('usualSecondsAfter a job that was over when it was first asked for: %s', (_when, usual, last, then) => {
  expect(usualSecondsAfter(usual, last, true)).toBe(then)
})

test('the next job of a model is asked for when its jobs usually end, and then at the usual pace', async () => {
  const world = await createWorld()
  await dropped(world)
  await world.play(300)
  const asked = () => world.services.calls.filter((call) => call === 'getJob').length
  expect((await world.head())?.usualJobSeconds).toBeGreaterThanOrEqual(60)
  const before = asked()
  await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
  await world.play(300)
  expect(await world.head()).toMatchObject({ live: 2 })
  expect(asked() - before).toBeLessThanOrEqual(3)
})
