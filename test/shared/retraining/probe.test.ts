import { expect, test } from 'vitest'
import { weighProbe } from '../../../shared/retraining/probe.ts'
import { addAnswers } from '../../../shared/retraining/wireAnswers.ts'
import { createWorld, dropped } from '../../fakes/world.ts'

test.each([
  ['no probe row', undefined, undefined, false, 'location only'],
  ['another answer', 'a', 'b', false, 'location and probe row'],
  ['the same answer of another model', 'a', 'a', false, undefined],
  ['the same answer of the same model', 'a', 'a', true, 'location; the model is the same as before'],
] as const)('weighProbe: %s', (_when, one, other, same, text) => {
  expect(weighProbe(one, other, same)).toEqual(
    text === undefined ? { kind: 'pending' } : { kind: 'seen', text },
  )
})

test('an answer of thousands of columns is told from the one before, and fits the row', async () => {
  const world = await createWorld()
  const columns = Array.from({ length: 2_000 }, (_, index) => `column number ${index}`)
  world.services.answers.with = (model) => Object.fromEntries(columns.map((name) => [name, `by ${model}`]))
  await dropped(world)
  await world.play(600)
  expect(await world.run(1)).toMatchObject({ state: 'live', evidence: 'location and probe row' })
})

test('answers that a row can not hold are let go, settings too', () => {
  const settings = { atMs: 1, call: 'settings', answer: 'x'.repeat(40_000) } as const
  expect(addAnswers([], [settings])).toEqual([])
})
