import { expect, test } from 'vitest'
import { isExpired } from '../../../emulator/jobs/retention.ts'
import type { Job } from '../../../emulator/state/records.ts'

const job = (changes: Partial<Job>): Job => ({
  ...{ id: 'j', workspaceId: 'w', serviceId: 's', endpointId: 'e', definition: 'd', inputLocations: {} },
  ...{ status: 'NotStarted', createdAtMs: 1_000, outputs: {}, parameters: {} },
  ...changes,
})
const cases: [when: string, job: Job, nowMs: number, expired: boolean][] = [
  ['never started, in time', job({}), 1_099, false],
  ['never started, too long ago', job({}), 1_100, true],
  ['queued, however long', job({ startedAtMs: 1_000 }), 9_000, false],
  ['running, however long', job({ status: 'Running', startedAtMs: 1_000 }), 9_000, false],
  ['finished, in time', job({ status: 'Finished', finishedAtMs: 2_000 }), 2_099, false],
  ['finished, too long ago', job({ status: 'Finished', finishedAtMs: 2_000 }), 2_100, true],
]
test.each(cases)('isExpired with 100 ms of retention: %s', (_when, job, nowMs, expired) => {
  expect(isExpired(job, nowMs, 100)).toBe(expired)
})
