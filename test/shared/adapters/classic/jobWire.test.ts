import { expect, test } from 'vitest'
import { decodeAnswer } from '../../../../shared/adapters/classic/decodeAnswer.ts'
import { decodeJob } from '../../../../shared/adapters/classic/jobWire.ts'
import { RetryableError } from '../../../../shared/retraining/errors.ts'
import type { Job } from '../../../../shared/retraining/services.ts'

const same = (text: string) => text
const nothing = { Results: null, Details: null }
const statuses: [wire: object, job: Job][] = [
  [{ StatusCode: 'NotStarted', ...nothing }, { status: 'NotStarted' }],
  [{ StatusCode: 'Not started', ...nothing }, { status: 'NotStarted' }],
  [{ StatusCode: 0, ...nothing }, { status: 'NotStarted' }],
  [{ StatusCode: 'Running', ...nothing }, { status: 'Running' }],
  [{ StatusCode: 1 }, { status: 'Running' }],
  [{ StatusCode: 'Cancelled', ...nothing }, { status: 'Cancelled' }],
  [{ StatusCode: 'Canceled', ...nothing }, { status: 'Cancelled' }],
  [{ StatusCode: 3, ...nothing }, { status: 'Cancelled' }],
  [
    { StatusCode: 'Failed', Results: null, Details: 'Error 1000: no' },
    { status: 'Failed', details: 'Error 1000: no', message: 'no' },
  ],
  [
    { StatusCode: '2', Details: { Message: 'no' } },
    { status: 'Failed', details: '{"Message":"no"}', message: 'no' },
  ],
  [
    { StatusCode: 'failed', ...nothing },
    { status: 'Failed', details: 'no details' },
  ],
  [
    { StatusCode: 'Finished', ...nothing, CreatedAt: 'x' },
    { status: 'Finished', outputs: {} },
  ],
]
test.each(statuses)('decodeJob: %o is %o', (wire, job) => {
  expect(decodeJob(JSON.stringify(wire), same)).toEqual(job)
})

const locations: [wire: object, sas: string][] = [
  [{ BaseLocation: 'https://a.net/', RelativeLocation: 'c/m.ilearner', SasBlobToken: '?sv=1' }, '?sv=1'],
  [{ BaseLocation: 'https://a.net', RelativeLocation: '/c/m.ilearner', SasBlobToken: 'sv=1' }, '?sv=1'],
  [{ ConnectionString: null, BaseLocation: 'https://a.net//', RelativeLocation: '//c/m.ilearner' }, ''],
]
test.each(locations)('the parts of %o are joined with one slash and one question mark', (wire, sas) => {
  const byConnection = { ConnectionString: 'AccountKey=x', RelativeLocation: 'c/e.csv', BaseLocation: null }
  const answer = JSON.stringify({
    StatusCode: 4,
    Results: { output1: wire, output2: byConnection },
    Details: null,
  })
  expect(decodeJob(answer, same)).toEqual({
    status: 'Finished',
    outputs: {
      output1: { baseLocation: 'https://a.net/', relativeLocation: 'c/m.ilearner', sasBlobToken: sas },
    },
  })
})

const notUnderstood: [text: string, reason: string][] = [
  ['{"StatusCode":"Sleeping"}', 'wrong or missing: StatusCode'],
  ['{"StatusCode":9}', 'wrong or missing: StatusCode'],
  ['{}', 'wrong or missing: StatusCode'],
  ['{"StatusCode":"Finished","Results":{"output1":"x"}}', 'wrong or missing: Results.output1'],
  ['17', 'wrong or missing: the whole'],
  ['<html>', 'it is no JSON'],
  ['', 'it is no JSON'],
]
test.each(notUnderstood)('a status of %s may pass', (text, reason) => {
  const decode = () => decodeAnswer('get job 1', text, (answer) => decodeJob(answer, same))
  expect(decode).toThrow(new RetryableError(`Cannot get job 1: the answer is not understood: ${reason}`))
})

test('a failed job’s details pass through redact', () => {
  const answer = '{"StatusCode":"Failed","Details":"sig=x"}'
  expect(decodeJob(answer, () => 'cut')).toEqual({ status: 'Failed', details: 'cut' })
})

test('what redact did not see in an escaped form is cut once it is decoded', () => {
  const redact = (text: string) => text.replace(/&sig=\w+/, '')
  const Details = String.raw`{"Message":"Error 0030: a.csv?sv=1\u0026sig=secret"}`
  const job = decodeJob(JSON.stringify({ StatusCode: 'Failed', Details }), redact)
  expect(job).toMatchObject({ message: 'Error 0030: a.csv?sv=1' })
})
