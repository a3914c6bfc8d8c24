import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { call } from '../wire.ts'

let bed: TestBed
let fruit: Target
let hashing: Target

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
  hashing = bed.target('SimpleFeatureHashingExperiment')
})
afterAll(() => bed.remove())

const table = { ColumnNames: ['size', 'colour'], Values: [['15', 'red']] }
const score = (query: string, input: unknown, more: object = {}) =>
  call('POST', `${fruit.api}/execute?api-version=2.0${query}`, fruit.key, {
    Inputs: { input1: input },
    ...more,
  })

describe('RRS answers', () => {
  test('a table request with a table, its cells as text, the scores behind the input columns', async () => {
    const { status, json } = await score('', table, { GlobalParameters: {} })
    expect(status).toBe(200)
    const { type, value } = json.Results.output1
    expect(type).toBe('table')
    expect(Object.keys(value)).toEqual(['ColumnNames', 'Values'])
    expect(value.ColumnNames).toEqual(['size', 'colour', 'Scored Labels', 'Scored Probabilities'])
    expect(value.Values).toEqual([['15', 'red', 'yes', expect.stringMatching(/^0\.\d{10,}$/)]])
  })

  test('details=true with the column types, which are .NET names', async () => {
    const { json } = await score('&details=true', table)
    expect(json.Results.output1.value.ColumnTypes).toEqual(['Double', 'String', 'String', 'Double'])
  })

  test('format=swagger with bare rows', async () => {
    const { json } = await score('&format=swagger', [{ size: '15', colour: 'red' }])
    expect(json.Results.output1).toEqual([
      { size: '15', colour: 'red', 'Scored Labels': 'yes', 'Scored Probabilities': expect.any(String) },
    ])
  })

  test.each([
    ['rows, without format=swagger', '', [{ colour: 'red', size: 15 }], 'table'],
    ['a table, with format=swagger', '&format=swagger', table, undefined],
  ])('either body shape whatever format says: %s', async (_when, query, input, type) => {
    const { status, json } = await score(query, input)
    expect(status).toBe(200)
    expect(json.Results.output1.type).toBe(type)
  })

  test('numbers, booleans and nulls as cells, printed as .NET prints them', async () => {
    const input = {
      ColumnNames: ['colour', 'size'],
      Values: [
        [true, 1e-5],
        ['red', null],
      ],
    }
    const { json } = await score('', input)
    const cells = json.Results.output1.value.Values.map((row: string[]) => row.slice(0, 2))
    expect(cells).toEqual([
      ['1E-05', 'True'],
      [null, 'red'],
    ])
  })

  test.each([[[]], [{ ColumnNames: ['size', 'colour'], Values: [] }]])('no rows: %j', async (rows) => {
    const { status, json } = await call('POST', `${fruit.api}/execute?api-version=2.0`, fruit.key, {
      Inputs: { input1: rows },
    })
    expect([status, json.Results?.output1.value.Values]).toEqual([200, []])
  })

  test('the label, when it is given, passes through', async () => {
    const input = { ColumnNames: ['good', 'size', 'colour'], Values: [['no', '1', 'red']] }
    const { json } = await score('', input)
    expect(json.Results.output1.value.Values[0].slice(0, 4)).toEqual(['1', 'red', 'no', 'no'])
  })

  test('the feature-hashing service with the counts of the guide', async () => {
    const { json } = await call('POST', `${hashing.api}/execute?api-version=2.0&details=true`, hashing.key, {
      Inputs: { input1: { ColumnNames: ['Col2'], Values: [['This is a good day']] } },
      GlobalParameters: {},
    })
    expect(json.Results.output1.value.Values).toEqual([['1', '1', '2', '2', '0', '2', '0', '1']])
  })

  test('the subscriptions alias, and paths in any case', async () => {
    const alias = fruit.api.replace(/workspaces\/\w+\/services/, 'Subscriptions/0000/Services')
    const url = `${alias}/Execute?API-Version=2.0`
    expect((await call('POST', url, fruit.key, { Inputs: { input1: table } })).status).toBe(200)
  })
})
