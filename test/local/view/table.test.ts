import { expect, test } from 'vitest'
import { renderTable, type TableRow } from '../../../local/view/table.ts'

const row: TableRow = {
  customer: 'southwest',
  model: 'birdstrikes',
  generation: 2,
  state: 'live',
  rows: 591,
  aucBefore: 0.5,
  aucAfter: 0.81,
  accuracyBefore: 0.9,
  accuracyAfter: 0.91,
  secondsToLive: 12.34,
  heldOut: 211,
  heldOutPositives: 17,
}

test('the table shows every measure, the held-out positives beside it', () => {
  expect(renderTable([row])).toEqual([
    '  customer   gen  state  rows  AUC             accuracy        held out      to live',
    '  ---------  ---  -----  ----  --------------  --------------  ------------  -------',
    '  southwest  2    live   591   0.500 -> 0.810  0.900 -> 0.910  211 (17 yes)  12.3 s',
  ])
})

test('an endpoint that came out worse is named', () => {
  expect(renderTable([{ ...row, accuracyAfter: 0.8 }]).at(-1)).toBe(
    '  southwest came out worse on the held-out rows: accuracy',
  )
  expect(renderTable([{ ...row, aucAfter: 0.4999 }])).toHaveLength(3)
})

test('an endpoint that did not go live is named with the reason', () => {
  const failed = { ...row, state: 'failed', aucAfter: null, accuracyAfter: null, secondsToLive: null }
  const lines = renderTable([{ ...failed, reason: 'job failed: no column damage' }])
  expect(lines.at(-1)).toBe('  southwest is not live: job failed: no column damage')
  expect(lines[2]).toContain('0.500 -> -')
})
