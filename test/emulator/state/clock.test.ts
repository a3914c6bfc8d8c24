import { expect, test } from 'vitest'
import { createClock } from '../../../emulator/state/clock.ts'
import { eventually } from '../../setup/eventually.ts'

test('an appointment comes when the clock is moved to it, one that was called off does not', async () => {
  const clock = createClock(() => 1_000)
  const kept: string[] = []
  clock.at(61_000, () => kept.push('came'))
  const cancel = clock.at(61_000, () => kept.push('called off'))
  cancel()
  clock.forward(59_999)
  expect([clock.nowMs(), kept]).toEqual([60_999, []])
  clock.forward(1)
  await eventually(() => expect(kept).toEqual(['came']))
  clock.close()
})
