import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call, sendRaw } from '../wire.ts'

let bed: TestBed
let fruit: Target

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
})
afterAll(() => bed.remove())

const table = { ColumnNames: ['size', 'colour'], Values: [['15', 'red']] }

const rows = (input: unknown) => JSON.stringify({ Inputs: { input1: input } })

describe('RRS refuses', () => {
  const cases: [when: string, body: string, code: string, detail: string, text: RegExp][] = [
    [
      'a missing column',
      rows([{ size: '1' }]),
      'BadUserArgument',
      'InputMismatchError',
      /"colour" is missing/,
    ],
    [
      'an unknown column',
      rows([{ size: '1', colour: 'red', x: '1' }]),
      'BadUserArgument',
      'InputMismatchError',
      /"x" is unknown/,
    ],
    [
      'text for a number',
      rows([{ size: 'big', colour: 'red' }]),
      'BadUserArgument',
      'InputParseError',
      /row 1.*"size"/,
    ],
    [
      'a row of the wrong length',
      rows({ ...table, Values: [['1']] }),
      'BadUserArgument',
      'InputParseError',
      /row 1 has 1/,
    ],
    [
      'a list as a cell',
      rows({ ...table, Values: [['1', []]] }),
      'BadUserArgument',
      'InputParseError',
      /row 1/,
    ],
    ['another port', '{"Inputs":{"input2":[]}}', 'BadArgument', 'InvalidInputNames', /input2/],
    ['no input', '{"GlobalParameters":{}}', 'BadArgument', 'MissingRequestInput', /no input/],
    [
      'an unknown parameter',
      '{"Inputs":{"input1":[]},"GlobalParameters":{"x":1}}',
      'BadUserArgument',
      'UnexpectedParameter',
      /Unexpected/,
    ],
    ['a body that is not JSON', '{"Inputs"', 'BadArgument', 'RequestBodyInvalid', /deserializing/],
    ['an empty body', '', 'BadArgument', 'RequestIsEmpty', /No request/],
  ]
  test.each(cases)('%s', async (_when, body, code, detail, text) => {
    const answer = await fetch(`${fruit.api}/execute?api-version=2.0`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${fruit.key}` },
      body,
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({
      error: {
        code,
        message: expect.any(String),
        details: [{ code: detail, target: expect.any(String), message: expect.stringMatching(text) }],
      },
    })
    expect(answer.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers.get('date')).toMatch(/GMT$/)
  })

  test('another version with BadVersionCall', async () => {
    const { status, json } = await call('POST', `${fruit.api}/execute?api-version=1.0`, fruit.key, {})
    expect([status, json.error.details[0].code]).toEqual([400, 'BadVersionCall'])
  })

  test('a wrong key with 401 ScoreRequestUnauthorized', async () => {
    const { status, json } = await call('POST', `${fruit.api}/execute?api-version=2.0`, 'another key', {})
    expect([status, json.error.code, json.error.details[0].code]).toEqual([
      401,
      'Unauthorized',
      'ScoreRequestUnauthorized',
    ])
  })

  test('lists and objects as cells of the hashing service too, however deep', async () => {
    const hashing = bed.target('SimpleFeatureHashingExperiment')
    const body = `{"Inputs":{"input1":[{"Col2":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}}`
    const headers = [`Authorization: Bearer ${hashing.key}`, `Content-Length: ${body.length}`]
    const { status, json } = await sendRaw(`${hashing.api}/execute?api-version=2.0`, headers, body)
    expect([status, json.error.details[0].code]).toEqual([400, 'InputParseError'])
  })

  test.each([
    ['cut off within a text', `{"Inputs":"${'\\'.repeat(5_000_000)}`],
    ['a text of quotes without an end', `"${'"'.repeat(5_000_000)}`],
  ])('a large body that is no JSON: %s', async (_what, body) => {
    const headers = [`Authorization: Bearer ${fruit.key}`, `Content-Length: ${body.length}`]
    const { status, json } = await sendRaw(`${fruit.api}/execute?api-version=2.0`, headers, body)
    expect([status, json.error.details[0].code]).toEqual([400, 'RequestBodyInvalid'])
  })

  test('the training service: models come from BES only', async () => {
    const training = bed.target('Fruit')
    const { json } = await call('POST', `${training.api}/execute?api-version=2.0`, training.key, {})
    expect(json.error.details[0].code).toBe('IncompatibleModel')
  })

  test.each([
    ['workspace', /workspaces\/\w+/, 'workspaces/none', 'WorkspaceNotFound'],
    ['endpoint', /services\/\w+/, 'services/none', 'WebServiceNotFound'],
  ])('an unknown %s with 404', async (_what, part, by, code) => {
    const url = `${fruit.api.replace(part, by)}/execute?api-version=2.0`
    const { status, json } = await call('POST', url, fruit.key, {})
    expect([status, json.error.details[0].code]).toEqual([404, code])
  })
})
