import { expect, test } from 'vitest'
import { shortReason } from '../../../local/view/reason.ts'

const details =
  'job failed: Module: Train Model; SNR Job Id: d22b; requestId = de5a errorComponent=Module. taskStatusCode=400. ' +
  '{"Exception":{"ErrorId":"LibraryException","ErrorCode":"1000","ExceptionType":"ModuleException",' +
  '"Message":"Error 1000: AFx Library library exception: Cannot read training data: the header (line 1) lacks the label column \\"damage\\""}}' +
  'Error: Error 1000: AFx Library library exception: Cannot read'

const cases: [when: string, reason: string, short: string][] = [
  [
    "a job's Details",
    details,
    'job failed: Cannot read training data: the header (line 1) lacks the label column "damage"',
  ],
  [
    'our own words',
    'the job did not finish before its deadline',
    'the job did not finish before its deadline',
  ],
  ['several lines', 'a\n  b', 'a b'],
  ['a long text', 'x'.repeat(400), `${'x'.repeat(297)}...`],
]
test.each(cases)('shortReason: %s', (_when, reason, short) => {
  expect(shortReason(reason)).toBe(short)
})
