import { expect, test } from 'vitest'
import { failureClass, isEnded, nextStep, type Run, type Step } from '../../../shared/retraining/run.ts'
import type { Job } from '../../../shared/retraining/services.ts'

const run: Run = {
  customerId: 'contoso',
  model: 'census',
  generation: 1,
  state: 'training',
  attempt: 1,
  platformFailures: 0,
  manifest: 'contoso/census/manifests/1.json',
  trainingService: 'census',
  jobId: 'j1',
  jobDeadlineAtMs: 1_000,
  openedAtMs: 0,
  updatedAtMs: 0,
  timeline: [],
}
const stopping: Run = { ...run, cancelReason: 'the job did not finish before its deadline' }
const late = { kind: 'cancel', reason: 'the job did not finish before its deadline' } as const
const dayMs = 86_400_000

const cases: [when: string, run: Run, job: Job | 'gone', nowMs: number, then: Step][] = [
  ['not started yet', run, { status: 'NotStarted' }, 0, { kind: 'wait' }],
  ['running, in time', run, { status: 'Running' }, 999, { kind: 'wait' }],
  ['running, at the deadline', run, { status: 'Running' }, 1_000, late],
  ['still running while it is being stopped', stopping, { status: 'Running' }, 2_000, late],
  [
    'still running a day after',
    stopping,
    { status: 'Running' },
    1_001 + dayMs,
    { kind: 'end', state: 'failed', reason: 'the job does not stop, a day after its deadline' },
  ],
  ['finished', run, { status: 'Finished', outputs: {} }, 0, { kind: 'archive', outputs: {} }],
  [
    'finished while being stopped',
    stopping,
    { status: 'Finished', outputs: {} },
    0,
    { kind: 'archive', outputs: {} },
  ],
  [
    'failed of its data',
    run,
    { status: 'Failed', details: 'Error 0003: column age is empty' },
    0,
    { kind: 'end', state: 'failed', reason: 'job failed: Error 0003: column age is empty' },
  ],
  [
    'failed of its data, with more than a person reads',
    run,
    { status: 'Failed', details: 'Module: Train Model; Error 0003: empty', message: 'Error 0003: empty' },
    0,
    {
      kind: 'end',
      state: 'failed',
      reason: 'job failed: Error 0003: empty\nModule: Train Model; Error 0003: empty',
    },
  ],
  [
    'failed of the platform',
    run,
    { status: 'Failed', details: 'InternalError: worker stopped' },
    0,
    { kind: 'tryAgain', reason: 'job failed: InternalError: worker stopped' },
  ],
  [
    'failed while being stopped',
    stopping,
    { status: 'Failed', details: 'x' },
    0,
    { kind: 'end', state: 'failed', reason: 'the job did not finish before its deadline' },
  ],
  [
    'cancelled by us',
    stopping,
    { status: 'Cancelled' },
    0,
    { kind: 'end', state: 'failed', reason: 'the job did not finish before its deadline' },
  ],
  [
    'cancelled by others',
    run,
    { status: 'Cancelled' },
    0,
    { kind: 'tryAgain', reason: 'the job was cancelled at the service' },
  ],
  ['gone', run, 'gone', 0, { kind: 'tryAgain', reason: 'the service no longer knows the job' }],
]
test.each(cases)('nextStep: %s', (_when, given, job, nowMs, then) => {
  expect(nextStep(given, job, nowMs)).toEqual(then)
})

test.each([
  ['Error 0018: column "age", line 3: no number', 'data'],
  ['label expired_label is missing', 'data'],
  ['Error 0138: Memory has been exhausted, out of memory', 'platform'],
  ['{"ErrorId":"MemoryExhausted"}Error 0138: Memory has been exhausted: too many rows', 'platform'],
  ['Error 0030: Unable to access the provided Azure blob - sets/a.csv: 403 AuthorizationFailure', 'platform'],
  ['BlobNotFound: Unable to access the provided Azure blob', 'platform'],
  ['Server failed to authenticate the request: Signature not valid: expired', 'platform'],
  ['something nobody has seen before', 'data'],
] as const)('failureClass: %s', (details, then) => {
  expect(failureClass(details)).toBe(then)
})

test('a run that waits for approval is not over', () => {
  expect(isEnded('awaitingApproval')).toBe(false)
  expect(isEnded('superseded')).toBe(true)
})
