import { expect, test } from 'vitest'
import { weighProbe } from '../../../shared/retraining/probe.ts'

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
