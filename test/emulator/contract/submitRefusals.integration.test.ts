import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, startJob } from '../jobCalls.ts'
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

  test.each(['GET', 'DELETE'])('%s of an unknown job with 404', async (method) => {
    const { status, json } = await call(method, `${training.api}/jobs/0123?api-version=2.0`, training.key)
    expect([status, json.error.code]).toEqual([404, 'NotFound'])
  })
})

describe('a failed job', () => {
  const fail = async (name: string, csv: string) => {
    const job = await startJob(training, { Input: await putBlob(bed, name, csv) })
    return (await jobIn('Failed', job, training)).json
  }
  const style =
    /^Module: Train Model; SNR Job Id: [0-9a-f]{32}; SNR Task Id: [0-9a-f-]{36}; requestId = \S+ errorComponent=Module\. taskStatusCode=400\. (\{.*\})Error: Error 1000: .* Process exited with error code -2 Record Starts at UTC \d\d\/\d\d\/\d{4} /

  test('has Details in the style of the service, which name column and line', async () => {
    const { Results, Details } = await fail('bad.csv', 'size,colour,good\n1,red,yes\nbig,red,no\n')
    expect(Results).toBeNull()
    const json = JSON.parse(style.exec(Details)?.[1] ?? '')
    expect(json.Exception.Message).toMatch(/line 3.*"size"|"size".*line 3/)
  })

  test('names the label that is missing', async () => {
    expect((await fail('nolabel.csv', 'size,colour\n1,red\n')).Details).toMatch(/"good"/)
  })

  test('says what the storage service said of an input that cannot be read, without any secret', async () => {
    const blob = {
      ConnectionString: inject('storage'),
      RelativeLocation: `${bed.container.containerName}/none.csv`,
    }
    const job = await startJob(training, { Input: blob })
    const { Details } = (await jobIn('Failed', job, training)).json
    expect(Details).toMatch(
      /^Module: Import Data;.*Unable to access the provided Azure blob.*404 BlobNotFound/,
    )
    expect(Details).not.toMatch(/AccountKey|sig=/)
  })
})
