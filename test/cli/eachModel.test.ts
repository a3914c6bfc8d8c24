import { expect, test } from 'vitest'
import { ApiError, toApiError, toNetworkError } from '../../cli/apiErrors.ts'
import type { Cli } from '../../cli/cli.ts'
import { eachModel } from '../../cli/many/eachModel.ts'

const cli = {
  progress: () => ({ step() {}, stop() {} }),
  now: () => 0,
  pause: async () => {},
  signal: new AbortController().signal,
} as unknown as Cli
const items = Array.from({ length: 100 }, (_none, at) => ({ customerId: `c${at}`, model: 'census' }))
const pace = { atOnce: 4, label: 'models' }
const lost = toNetworkError('http://app', Object.assign(new Error(), { code: 'ECONNREFUSED' }))

/** Does all of them; the first `well` go well, every later one fails with `error`. */
async function each(well: number, error: Error) {
  let tried = 0
  const ended = await eachModel(cli, items, pace, async () => {
    if (tried++ >= well) throw error
  }).catch((thrown: unknown) => thrown)
  return { tried, ended }
}

test('an app that is gone ends it with what was done, not with a line for each that is left', async () => {
  const { tried, ended } = await each(10, lost)
  expect(tried).toBeLessThan(20)
  expect(ended).toMatchObject({
    exitCode: 5,
    message:
      'Cannot reach the app at http://app: nothing listens there; does the app run?; 10 of 100 models were done: the same command goes on',
  })
})

test('so does a key that is none any more', async () => {
  expect(await each(0, toApiError('http://app', 401, undefined))).toMatchObject({
    tried: 7,
    ended: { exitCode: 5 },
  })
})

test.each([
  ['what the app refuses', new ApiError('Cannot do it', { status: 409, code: 'refused' })],
  [
    'what the app can not do now',
    new ApiError('Cannot reach the service', { status: 503, code: 'try-again' }),
  ],
])('%s stops no other', async (_case, error) => {
  const { tried, ended } = await each(10, error)
  expect(tried).toBe(100)
  expect(ended).toHaveLength(90)
})
