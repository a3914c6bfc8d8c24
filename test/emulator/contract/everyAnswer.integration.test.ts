import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fruitCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, startJob } from '../jobCalls.ts'
import { call, callRaw, type Reply, sendRaw } from '../wire.ts'

let bed: TestBed
let fruit: Target
let training: Target
/** A job that is finished. */
let job: string

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
  training = bed.target('Fruit')
  job = await startJob(training, { Input: await putBlob(bed, 'in.csv', fruitCsv(60)) })
  await jobIn('Finished', job, training)
})
afterAll(() => bed.remove())

const version = '?api-version=2.0'

describe('x-ms-request-id and Date are on every answer', () => {
  const raw = (path: string, method: string, ...headers: string[]) =>
    sendRaw(`${bed.emulator.url}${path}`, headers, '', method)
  const cases: [what: string, status: number, ask: () => Promise<Reply>][] = [
    ['a page', 200, () => raw('/', 'GET')],
    ['a path that is none', 404, () => raw('/nothing', 'GET')],
    ['no key', 401, () => sendRaw(`${fruit.api}/execute${version}`, ['Content-Length: 0'])],
    [
      'a finished job',
      200,
      () => sendRaw(job + version, [`Authorization: Bearer ${training.key}`], '', 'GET'),
    ],
    ['a refresh that changes nothing', 304, () => refresh()],
    ['a path of 20 KB', 431, () => raw(`/${'a'.repeat(20_000)}`, 'GET')],
    ['what is no HTTP', 400, () => callRaw(bed.emulator.url, 'hello\r\n\r\n')],
  ]
  const refresh = async () => {
    await call('PUT', fruit.management.replace(/default$/, 'contoso'), bed.token, {})
    const url = fruit.management.replace(/default$/, 'contoso/refresh')
    return sendRaw(url, [`Authorization: Bearer ${bed.token}`, 'Content-Length: 0'])
  }
  test.each(cases)('%s: %i', async (_what, status, ask) => {
    const answer = await ask()
    expect(answer.status).toBe(status)
    expect(answer.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers.get('date')).toMatch(/GMT$/)
  })
})

test('HEAD is answered as GET, without the body', async () => {
  const answer = await fetch(bed.emulator.url, { method: 'HEAD' })
  expect([answer.status, Number(answer.headers.get('content-length')) > 0]).toEqual([200, true])
  expect(await answer.text()).toBe('')
})

test('a request line with the whole URL, as clients behind a proxy send it', async () => {
  const line = `GET ${fruit.management.replace('127.0.0.1', 'management.azureml.net')} HTTP/1.1`
  const headers = ['Host: management.azureml.net', `Authorization: Bearer ${bed.token}`, 'Connection: close']
  const answer = await callRaw(bed.emulator.url, `${[line, ...headers].join('\r\n')}\r\n\r\n`)
  expect([answer.status, answer.json?.Name]).toEqual([200, 'default'])
})

describe('paths are taken in any case', () => {
  const upper = (url: string) =>
    url.replace(/^(http:\/\/[^/]+)(.*)$/, (_url, host: string, path: string) => host + path.toUpperCase())
  test('on both planes, and so are ids', async () => {
    const executed = await call('POST', `${upper(fruit.api)}/Execute${version}`, fruit.key, {
      Inputs: { input1: [{ size: '15', colour: 'red' }] },
    })
    expect(executed.status).toBe(200)
    expect((await call('GET', upper(fruit.management), bed.token)).json.Name).toBe('default')
    expect((await call('GET', upper(job) + version, training.key)).json.StatusCode).toBe('Finished')
    expect((await fetch(`${upper(fruit.api)}/Swagger.json`)).status).toBe(200)
  })
})
