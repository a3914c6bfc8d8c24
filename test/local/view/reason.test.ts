import { expect, test } from 'vitest'
import { shortReason } from '../../../local/view/reason.ts'

const cases: [when: string, reason: string, short: string][] = [
  [
    'the cause, not the raw text behind it',
    'job failed: line 7 has 3 values\nModule: Train Model; SNR Job Id: d22b',
    'job failed: line 7 has 3 values',
  ],
  [
    'our own words',
    'the job did not finish before its deadline',
    'the job did not finish before its deadline',
  ],
  ['blanks', ' a \t b\r\n', 'a b'],
  ['a long text', 'x'.repeat(400), `${'x'.repeat(297)}...`],
]
test.each(cases)('shortReason: %s', (_when, reason, short) => {
  expect(shortReason(reason)).toBe(short)
})
