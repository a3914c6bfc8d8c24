import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClassicEndpoints } from '../../../../shared/adapters/classic/classicEndpoints.ts'
import { RetryableError, TerminalError } from '../../../../shared/retraining/errors.ts'
import type { Endpoint, EndpointPort } from '../../../../shared/retraining/services.ts'
import {
  classicOptions,
  type ScriptedService,
  serviceError,
  startScriptedService,
} from './scriptedService.ts'

const options = classicOptions({ KEY: 'endpoint-key-1' })
const managementPath = '/workspaces/w1/webservices/s1/endpoints/southwest'
let server: ScriptedService
let endpoints: EndpointPort
let endpoint: Endpoint

beforeAll(async () => {
  server = await startScriptedService()
  endpoints = createClassicEndpoints(options)
  endpoint = {
    url: `${server.url}${managementPath}`,
    scoringUrl: `${server.url}/workspaces/w1/services/e1`,
    apiKey: 'env:KEY',
    resourceName: 'Bird Strikes [trained model]',
  }
})
afterAll(async () => {
  await options.close()
  await server.close()
})

const location = {
  baseLocation: 'https://a.blob.core.windows.net/',
  relativeLocation: 'models/m.ilearner',
  sasBlobToken: '?sv=1&sig=x',
}

test('describe answers name and resources, and leaves keys and tokens behind', async () => {
  server.script([
    200,
    {
      Name: 'southwest',
      Description: null,
      PrimaryKey: 'geheim',
      SecondaryKey: 'geheim',
      PreventUpdate: false,
      Resources: [
        {
          Name: 'Bird Strikes [trained model]',
          Kind: 'ILearnerDotNet',
          Location: {
            BaseLocation: 'https://a.blob.core.windows.net/',
            RelativeLocation: 'models/m.ilearner?sig=geheim',
            SasBlobToken: '?sig=geheim',
          },
        },
        { Name: 'Other', Kind: 'x', Location: null },
      ],
    },
  ])
  expect(await endpoints.describeEndpoint(endpoint)).toEqual({
    name: 'southwest',
    isDefault: false,
    preventUpdate: false,
    resources: [
      {
        name: 'Bird Strikes [trained model]',
        baseLocation: 'https://a.blob.core.windows.net/',
        relativeLocation: 'models/m.ilearner',
      },
      { name: 'Other', baseLocation: '', relativeLocation: '' },
    ],
  })
  expect(server.arrived[0]).toMatchObject({ method: 'GET', path: managementPath })
  expect(server.arrived[0]?.headers.authorization).toBe('Bearer endpoint-key-1')
})

const described: [wire: object, then: object][] = [
  [
    { Name: 'default', Resources: null },
    { isDefault: true, resources: [] },
  ],
  [
    { Name: 'Default', PreventUpdate: null },
    { isDefault: true, preventUpdate: false },
  ],
  [
    { Name: 'x', PreventUpdate: true, Resources: [] },
    { isDefault: false, preventUpdate: true },
  ],
]
test.each(described)('an endpoint that says %o is %o', async (wire, then) => {
  server.script([200, wire])
  expect(await endpoints.describeEndpoint(endpoint)).toMatchObject(then)
})

test('an endpoint the service does not know is gone', async () => {
  server.script([404, serviceError('NotFound', 'Resource not found.')])
  expect(await endpoints.describeEndpoint(endpoint)).toBe('gone')
})

test('update sends the PATCH with resource name and location, and ignores the answer’s body', async () => {
  server.script([200, 'anything'])
  await endpoints.updateEndpoint(endpoint, location)
  expect(server.arrived).toHaveLength(1)
  expect(server.arrived[0]).toMatchObject({ method: 'PATCH', path: managementPath })
  expect(JSON.parse(server.arrived[0]?.body ?? '')).toEqual({
    Resources: [
      {
        Name: 'Bird Strikes [trained model]',
        Location: {
          BaseLocation: 'https://a.blob.core.windows.net/',
          RelativeLocation: 'models/m.ilearner',
          SasBlobToken: '?sv=1&sig=x',
        },
      },
    ],
  })
})

test('a PATCH whose blob is not found says so by its code, without the token', async () => {
  const message =
    'Unable to access the provided Azure blob - https://a.net/models/m.ilearner?sv=1&sig=geheim.'
  server.script([
    400,
    serviceError('BadArgument', 'Invalid argument provided.', [
      { code: 'BlobNotFound', target: '', message },
    ]),
  ])
  const error = await endpoints.updateEndpoint(endpoint, location).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TerminalError)
  expect((error as Error).message).toBe(
    'Cannot update the endpoint southwest: 400 BadArgument: Invalid argument provided. ' +
      '[BlobNotFound: Unable to access the provided Azure blob - https://a.net/models/m.ilearner?[cut]',
  )
  expect(server.arrived).toHaveLength(1)
})

test('score sends rows as a table and answers rows by column name', async () => {
  server.script([
    200,
    {
      Results: {
        output1: {
          type: 'table',
          value: {
            ColumnNames: ['age', 'Scored Labels', 'Scored Probabilities'],
            ColumnTypes: ['Int32', 'String', 'Double'],
            Values: [
              ['39', 'yes', 0.75],
              ['', null, true],
            ],
          },
        },
      },
    },
  ])
  const rows = await endpoints.score(endpoint, [{ age: '39', sex: 'f' }, { sex: 'm' }])
  expect(rows).toEqual([
    { age: '39', 'Scored Labels': 'yes', 'Scored Probabilities': '0.75' },
    { age: '', 'Scored Labels': '', 'Scored Probabilities': 'true' },
  ])
  expect(server.arrived[0]?.path).toBe('/workspaces/w1/services/e1/execute?api-version=2.0&details=true')
  expect(JSON.parse(server.arrived[0]?.body ?? '')).toEqual({
    Inputs: {
      input1: {
        ColumnNames: ['age', 'sex'],
        Values: [
          ['39', 'f'],
          ['', 'm'],
        ],
      },
    },
    GlobalParameters: {},
  })
})

test.each(['/', '/execute', '/execute?api-version=2.0&format=swagger'])(
  'the scoring URL may end in %s',
  async (end) => {
    server.script([200, { Results: {} }])
    const rows = await endpoints.score({ ...endpoint, scoringUrl: `${endpoint.scoringUrl}${end}` }, [])
    expect(rows).toEqual([])
    expect(server.arrived[0]?.path).toBe('/workspaces/w1/services/e1/execute?api-version=2.0&details=true')
  },
)

test('an answer that is no table may pass', async () => {
  server.script([200, { Results: { output1: [{ a: '1' }] } }])
  await expect(endpoints.score(endpoint, [])).rejects.toThrow(RetryableError)
})
