import { expect, test, vi } from 'vitest'
import { createClock } from '../../../emulator/state/clock.ts'

test('an appointment comes when the clock is moved to it, one that was called off does not', async () => {
  const clock = createClock(() => 1_000)
  const kept: string[] = []
  clock.at(61_000, () => kept.push('came'))
  const cancel = clock.at(61_000, () => kept.push('called off'))
  cancel()
  clock.forward(59_999)
  expect([clock.nowMs(), kept]).toEqual([60_999, []])
  clock.forward(1)
  await vi.waitFor(() => expect(kept).toEqual(['came']))
  clock.close()
})
