import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { storageCall, storageError } from '../../../../shared/adapters/storage/storageError.ts'
import { RetryableError, TerminalError } from '../../../../shared/retraining/errors.ts'

const answered = (statusCode: number, code: string) =>
  Object.assign(new Error(`${code} happened\nRequestId:1`), { name: 'RestError', statusCode, code })
const failed = (name: string, code?: string) => Object.assign(new Error('it broke'), { name, code })

const classes: [error: Error, kind: string][] = [
  [answered(500, 'InternalError'), 'RetryableError'],
  [answered(503, 'ServerBusy'), 'RetryableError'],
  [answered(429, 'TooManyRequests'), 'RetryableError'],
  [answered(408, 'OperationTimedOut'), 'RetryableError'],
  [answered(409, 'TableBeingDeleted'), 'RetryableError'],
  [answered(409, 'ContainerBeingDeleted'), 'RetryableError'],
  [answered(400, 'PropertyValueTooLarge'), 'TerminalError'],
  [answered(413, 'RequestBodyTooLarge'), 'TerminalError'],
  [answered(403, 'AuthenticationFailed'), 'Error'],
  [answered(404, 'TableNotFound'), 'Error'],
  [failed('RestError', 'ECONNREFUSED'), 'RetryableError'],
  [failed('AbortError'), 'RetryableError'],
  [failed('TimeoutError'), 'RetryableError'],
  [failed('Error', 'ECONNRESET'), 'RetryableError'],
  [failed('TypeError'), 'Error'],
]
test.each(classes)('%s is a %s', (error, kind) => {
  const made = storageError('read row a', error)
  expect(made.name).toBe(kind)
  expect(made.message).toMatch(/^Cannot read row a: \S+/)
  expect(made.cause).toBeInstanceOf(Error)
})

test('an error of ours goes on as it is', () => {
  for (const error of [new TerminalError('no'), new RetryableError('later')]) {
    expect(storageError('read row a', error)).toBe(error)
  }
})

test('the request, its headers and its query stay behind', () => {
  const request = { headers: { authorization: 'SharedKey a:geheim' }, url: 'https://a/?sig=geheim' }
  const error = Object.assign(new Error('refused https://a.net/x?sig=geheim'), { statusCode: 403, request })
  expect(inspect(storageError('read blob a', error), { depth: 9 })).not.toContain('geheim')
})

test('an expected answer becomes a value, any other is thrown', async () => {
  const gone = () => Promise.reject(answered(404, 'BlobNotFound'))
  const outcome = ({ code }: { code: string }) => (code === 'BlobNotFound' ? 'gone' : undefined)
  expect(await storageCall('read blob a', gone, outcome)).toBe('gone')
  await expect(storageCall('read blob a', gone)).rejects.toThrow('Cannot read blob a: 404 BlobNotFound')
})
