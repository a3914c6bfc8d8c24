import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fruitCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, resultUrl, startJob } from '../jobCalls.ts'
import { call, type Reply, sendRaw } from '../wire.ts'

let bed: TestBed
let fruit: Target
let training: Target
let input: object
/** A job that is finished. */
let job: string
let finished: Reply

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
  training = bed.target('Fruit')
  input = await putBlob(bed, 'in.csv', fruitCsv(60))
  job = await startJob(training, { Input: input })
  finished = await jobIn('Finished', job, training)
})
afterAll(() => bed.remove())

const version = '?api-version=2.0'
const table = { ColumnNames: ['size', 'colour'], Values: [['15', 'red']] }
const body = JSON.stringify({ Inputs: { input1: table }, GlobalParameters: {} })
const length = `Content-Length: ${Buffer.byteLength(body)}`
const submit = (json: object) => call('POST', `${training.api}/jobs${version}`, training.key, json)

const execute = (authorization: string, headers: string[], payload: string) =>
  sendRaw(`${fruit.api}/execute${version}`, [`Authorization: ${authorization}`, ...headers], payload)
const labelOf = ({ json, text }: Reply) => json?.Results?.output1.value.Values[0][2] ?? text

describe('the sixteen rules that decide whether unmodified clients work', () => {
  test('1: StatusCode is a string', () => {
    expect(finished.json.StatusCode).toBe('Finished')
  })

  test('2: a status has all three keys, null when absent', async () => {
    const { json } = await submit({ Input: input })
    const { text } = await call('GET', `${training.api}/jobs/${json}${version}`, training.key)
    expect(text).toBe('{"StatusCode":"NotStarted","Results":null,"Details":null}')
  })

  test('3: submit answers a bare JSON string with nothing round it', async () => {
    expect((await submit({ Input: input })).text).toMatch(/^"[0-9a-f]{32}"$/)
  })

  test('4: base, relative location and token of a result concatenate', async () => {
    const { BaseLocation, RelativeLocation, SasBlobToken } = finished.json.Results.output1
    expect(BaseLocation.at(-1)).toBe('/')
    expect(RelativeLocation[0]).not.toBe('/')
    expect(SasBlobToken[0]).toBe('?')
    expect((await fetch(resultUrl(finished.json.Results.output1))).status).toBe(200)
  })

  test('5: start takes an empty body with a JSON content type', async () => {
    const { json } = await submit({ Input: input })
    const headers = [
      'Content-Type: application/json',
      'Content-Length: 0',
      `Authorization: Bearer ${training.key}`,
    ]
    expect((await sendRaw(`${training.api}/jobs/${json}/start${version}`, headers)).status).toBe(200)
  })

  test('6: a chunked body without Content-Length is read (C# PostAsJsonAsync)', async () => {
    const parts = [body.slice(0, 20), body.slice(20), '']
    const chunked = parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join('')
    const headers = ['Content-Type: application/json; charset=utf-8', 'Transfer-Encoding: chunked']
    expect(labelOf(await execute(`Bearer ${fruit.key}`, headers, chunked))).toBe('yes')
  })

  test.each([
    ['PowerShell', ['Content-Type: application/json; charset=us-ascii']],
    ['R', ['Content-Type: application/json;charset=UTF8']],
    ['Java', ['Content-Type: text/json', 'Content-Encoding: UTF-8']],
    ['nobody', []],
  ])('7: raw bytes are parsed as JSON, whatever the headers say: %s', async (_who, headers) => {
    expect(labelOf(await execute(`Bearer ${fruit.key}`, [...headers, length], body))).toBe('yes')
  })

  test.each(['bearer ', 'BEARER ', 'Bearer  '])('8: the scheme %j opens too', async (scheme) => {
    expect(labelOf(await execute(scheme + fruit.key, [length], body))).toBe('yes')
  })

  test('9: management takes the token of the workspace, or a key of that endpoint', async () => {
    for (const key of [bed.token, fruit.key])
      expect((await call('GET', fruit.management, key)).status).toBe(200)
    expect((await call('GET', fruit.management, training.key)).status).toBe(401)
  })

  test('10: errors of both planes have details that are not empty, each with code, target and message', async () => {
    const answers = [
      await call('POST', `${fruit.api}/execute${version}`, fruit.key, {}),
      await call('GET', `${fruit.management}1`, bed.token),
      await call('GET', fruit.management),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 404, 401])
    for (const { json } of answers) {
      expect(Object.keys(json.error)).toEqual(['code', 'message', 'details'])
      expect(Object.keys(json.error.details[0])).toEqual(['code', 'target', 'message'])
    }
  })

  test('11: swagger, apidocument and help pages need no key', async () => {
    const { json } = await call('GET', fruit.management, fruit.key)
    const endpoints = fruit.management.replace(/default$/, '')
    const urls = [
      `${fruit.api}/swagger.json`,
      `${endpoints}default/apidocument`,
      `${endpoints}${fruit.id}/apidocument`,
      ...['', '/score', '/jobs', '/update'].map((page) => json.HelpLocation + page),
    ]
    for (const url of urls) expect([url, (await fetch(url)).status]).toEqual([url, 200])
  })

  test('12: format=swagger answers bare rows, other answers say table', async () => {
    const url = `${fruit.api}/execute${version}`
    const rows = await call('POST', `${url}&format=swagger`, fruit.key, JSON.parse(body))
    expect(rows.json.Results.output1).toMatchObject([{ size: '15', 'Scored Labels': 'yes' }])
    expect((await call('POST', url, fruit.key, JSON.parse(body))).json.Results.output1.type).toBe('table')
  })

  test('13: management goes by the name of an endpoint, data and help by its id', async () => {
    const byId = fruit.management.replace(/default$/, fruit.id)
    expect((await call('GET', byId, bed.token)).status).toBe(404)
    const byName = fruit.api.replace(fruit.id, 'default')
    expect((await call('POST', `${byName}/execute${version}`, fruit.key, {})).status).toBe(404)
    expect(fruit.id).toMatch(/^[0-9a-f]{32}$/)
  })

  test('14: DELETE of a finished job succeeds', async () => {
    expect((await call('DELETE', job + version, training.key)).status).toBe(200)
  })

  test.each([
    ['Input', { Input: null }],
    ['Inputs', { Inputs: null }],
  ])('15: %s alone, Outputs null or absent, members that nobody knows', async (member, none) => {
    const given = member === 'Input' ? input : { input1: input }
    const others = { GolbalParameters: {}, AzureBatchPoolId: 'p', Outputs: null }
    expect((await submit({ [member]: given, ...others })).status).toBe(200)
    expect(
      (
        await submit({
          ...none,
          [member === 'Input' ? 'Inputs' : 'Input']: member === 'Input' ? { input1: input } : input,
        })
      ).status,
    ).toBe(200)
    expect((await submit({ Input: input, Inputs: { input1: input } })).status).toBe(400)
  })

  test('16: GET / answers, and the data sources are null', async () => {
    const { url, workspaces } = bed.emulator.describe()
    expect((await fetch(`${url}/`)).status).toBe(200)
    const sources = await call('GET', `${url}/api/workspaces/${workspaces[0]?.id}/datasources`, bed.token)
    expect(sources.text).toBe('null')
  })
})

test('a bare NaN, as azmlclient may send it, counts as missing', async () => {
  const withNaN = body.replace('"15"', 'NaN')
  const headers = [`Content-Length: ${Buffer.byteLength(withNaN)}`]
  const { json } = await execute(`Bearer ${fruit.key}`, headers, withNaN)
  expect(json.Results.output1.value.Values[0][0]).toBeNull()
})

test("today's C# PostAsJsonAsync writes members in camel case: they are read", async () => {
  const camel = JSON.stringify({
    inputs: { input1: { columnNames: ['size', 'colour'], values: [['15', 'red']] } },
  })
  const headers = [`Content-Length: ${Buffer.byteLength(camel)}`]
  expect(labelOf(await execute(`Bearer ${fruit.key}`, headers, camel))).toBe('yes')
  const submitted = await submit({ inputs: { input1: input }, globalParameters: {} })
  expect(submitted.status).toBe(200)
})
