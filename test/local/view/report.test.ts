import { expect, test } from 'vitest'
import { toJson } from '../../../local/view/report.ts'
import type { TableRow } from '../../../local/view/table.ts'

const urls = { functions: 'f', emulator: 'e', storage: 's' }
const row: TableRow = {
  customer: 'southwest',
  model: 'birdstrikes',
  generation: 2,
  state: 'live',
  rows: 591,
  aucBefore: 0.5,
  aucAfter: 0.4,
  accuracyBefore: 0.9,
  accuracyAfter: 0.91,
  secondsToLive: 12.3,
  heldOut: 211,
  heldOutPositives: 17,
}

test('the result is ok when every endpoint is live, also one that came out worse', () => {
  expect(toJson(urls, [row])).toEqual({
    ok: true,
    urls,
    endpoints: [
      {
        customer: 'southwest',
        model: 'birdstrikes',
        generation: 2,
        state: 'live',
        rows: 591,
        aucBefore: 0.5,
        aucAfter: 0.4,
        accuracyBefore: 0.9,
        accuracyAfter: 0.91,
        secondsToLive: 12.3,
      },
    ],
  })
})

test('one endpoint that is not live, or none at all, is not ok', () => {
  expect(toJson(urls, [row, { ...row, state: 'failed' }]).ok).toBe(false)
  expect(toJson(urls, []).ok).toBe(false)
})
