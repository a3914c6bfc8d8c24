import { expect, test } from 'vitest'
import { expectCrashesHarmless, expectPromisesKept, never, play } from './crashPlay.ts'

test('without a crash two drops are two generations, and everything is settled', async () => {
  const { world } = await play(never, 'before')
  await expectPromisesKept(world)
  expect(await world.head()).toMatchObject({ lastGeneration: 2, live: 2 })
})

// Every fourth effect here; every one in `npm run test:full`.
test.each(['before', 'after'] as const)('a crash %s an effect loses nothing and doubles nothing', (when) =>
  expectCrashesHarmless(when, 4),
)
