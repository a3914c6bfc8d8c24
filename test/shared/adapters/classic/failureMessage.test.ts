import { expect, test } from 'vitest'
import { failureMessage } from '../../../../shared/adapters/classic/failureMessage.ts'

const wrapper =
  'Module: Train Model; SNR Job Id: 5bc1; SNR Task Id: a-1; requestId = b-2 errorComponent=Module. taskStatusCode=400. '
const end = 'Process exited with error code -2 Record Starts at UTC 05/06/2016 07:19:52'
const exception = (message: string, more = '') =>
  `{"Exception":{"ErrorId":"LibraryException","ErrorCode":"1000","ExceptionType":"ModuleException","Message":${JSON.stringify(message)}${more}}}`

const cases: [when: string, details: string, message: string][] = [
  [
    "a library's exception",
    `${wrapper}${exception('Error 1000: AFx Library library exception: line 7, column "age": x is no number')}Error: Error 1000: AFx ${end}`,
    'line 7, column "age": x is no number',
  ],
  [
    'a code that can be looked up stays',
    `${wrapper}${exception('Error 0003: One or more of inputs are null or empty')}`,
    'Error 0003: One or more of inputs are null or empty',
  ],
  [
    'of two exceptions the outer one',
    `${wrapper}${exception('Error 0018: outer', ',"Exception":{"Message":"inner"}')}`,
    'Error 0018: outer',
  ],
  [
    'JSON that was cut off',
    `${wrapper}{"Exception":{"ErrorCode":"0018","Message":"Error 0018: Training dataset of file contains inv`,
    'Error 0018: Training dataset of file contains inv',
  ],
  ['no JSON', `${wrapper}Error: Error 0021: too few rows ${end}`, 'Error 0021: too few rows'],
  ['several lines', 'Error 0021: too\r\n  few\nrows', 'Error 0021: too few rows'],
  ['an escape that JSON does not know', String.raw`{"Message":"a file C:\data"}`, String.raw`a file C:\data`],
  ['an empty message', '{"Message":""}', '{"Message":""}'],
  ['words of its own', 'InternalError: worker stopped', 'InternalError: worker stopped'],
  ['a code alone', 'Error 1000: ', 'Error 1000:'],
]
test.each(cases)('failureMessage: %s', (_when, details, message) => {
  expect(failureMessage(details)).toBe(message)
})
