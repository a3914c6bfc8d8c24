import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call } from '../wire.ts'

let bed: TestBed
let training: Target
let slow: Target

beforeAll(async () => {
  bed = await startTestBed()
  training = bed.target('Fruit')
  slow = bed.target('Slow Fruit')
})
afterAll(() => bed.remove())

const reference = (relative: string) => ({
  ConnectionString: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5',
  RelativeLocation: relative,
})
const input = reference('vishal/in.csv')

const version = '?api-version=2.0'
const submit = (body: unknown, target = training) =>
  call('POST', `${target.api}/jobs${version}`, target.key, body)

test('submit answers a bare JSON string, and the job does not run until started', async () => {
  const { status, text, json } = await submit({ Inputs: { input1: input } })
  expect([status, text]).toEqual([200, expect.stringMatching(/^"[0-9a-f]{32}"$/)])
  const job = await call('GET', `${training.api}/jobs/${json}${version}`, training.key)
  expect(job.text).toBe('{"StatusCode":"NotStarted","Results":null,"Details":null}')
})

test('an empty map of inputs beside a single one counts as not given: C# types send both', async () => {
  const body = { Input: input, Inputs: {} }
  const { status } = await call('POST', `${training.api}/jobs${version}`, training.key, body)
  expect(status).toBe(200)
})

describe('submit refuses', () => {
  const cases: [when: string, body: object, detail: string, text: RegExp][] = [
    ['Input beside Inputs', { Input: input, Inputs: { input1: input } }, 'DuplicateInputInBatchCall', /both/],
    ['no input', { Outputs: null }, 'BatchJobInputsNotSpecified', /input1/],
    ['a wrong port', { Inputs: { input2: input } }, 'InvalidInputNames', /input2/],
    [
      'too many ports',
      { Inputs: { input1: input, input2: input } },
      'BatchJobInputsTooManySpecified',
      /input1/,
    ],
    ['a reference to nothing', { Input: {} }, 'MissingInputBlobInformation', /Missing/],
    [
      'a connection string without key',
      { Input: { ...input, ConnectionString: 'x' } },
      'InvalidBlobConnectionString',
      /AccountKey/,
    ],
    [
      'a base that is no URL',
      { Input: { BaseLocation: 'x', RelativeLocation: 'c/in.csv' } },
      'InvalidBlob',
      /Invalid blob/,
    ],
    [
      'an output without extension',
      { Input: input, Outputs: { output1: reference('c/model') } },
      'InvalidBlobExtension',
      /"\.ilearner"\.$/,
    ],
    [
      'an unknown output',
      { Input: input, Outputs: { Output1: input } },
      'InvalidOutputOverrideName',
      /Output1/,
    ],
    [
      'an unknown parameter',
      { Input: input, GlobalParameters: { numberoftrees: 1 } },
      'UnexpectedParameter',
      /Unexpected/,
    ],
    [
      'a list as a parameter',
      { Input: input, GlobalParameters: { numberOfTrees: [] } },
      'BadParameterValue',
      /rule/,
    ],
  ]
  test.each(cases)('%s', async (_when, body, detail, text) => {
    const { status, json } = await call('POST', `${training.api}/jobs?api-version=2.0`, training.key, body)
    expect(status).toBe(400)
    expect(json.error.code).toBe('BadArgument')
    expect(json.error.details).toEqual([
      { code: detail, target: expect.any(String), message: expect.stringMatching(text) },
    ])
  })

  test('an input without extension, in the words of the service', async () => {
    const body = { Input: reference('vishal/training/input') }
    const { json } = await call('POST', `${training.api}/jobs?api-version=2.0`, training.key, body)
    expect(json.error.details[0].message).toBe(
      'The blob reference: vishal/training/input has an invalid or missing file extension. Supported file extensions for this output type are: ".csv, .tsv, .arff".',
    )
  })

  test('a job without a parameter that has no default', async () => {
    const { json } = await call('POST', `${slow.api}/jobs?api-version=2.0`, slow.key, { Input: input })
    expect(json.error.details[0]).toMatchObject({
      code: 'MissingRequiredGlobalParameters',
      target: 'Database server name',
    })
  })
})
