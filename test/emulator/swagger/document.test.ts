import { describe, expect, test } from 'vitest'
import type { ApiView } from '../../../emulator/pages/view.ts'
import { swaggerDocument } from '../../../emulator/swagger/document.ts'
import { scoring, training } from '../pages/apiView.ts'

// biome-ignore lint/suspicious/noExplicitAny: wire JSON, which each test looks into and compares
const documentOf = (api: ApiView): any => JSON.parse(JSON.stringify(swaggerDocument(api)))
const document = documentOf(scoring)

describe('what the clients read', () => {
  test('title and description', () => {
    expect(document.info).toMatchObject({
      title: 'Fruit [predictive exp.]',
      description: 'Which fruit is good',
    })
  })

  test('the execute path is the second one and holds the query', () => {
    const [, path = ''] = Object.keys(document.paths)
    expect(path).toBe('/execute?api-version=2.0&format=swagger')
    expect(Object.keys(document.paths[path])).toEqual(['post'])
    expect(document.paths[path].post.operationId).toBe('execute')
  })

  test('the example request has a row of the input port, numbers as numbers', () => {
    expect(document.definitions.ExecutionRequest.example).toEqual({
      Inputs: { input1: [{ size: 12.5, colour: 'green' }] },
      GlobalParameters: {},
    })
  })

  test.each([
    ['ExecutionInputs', 'input1', '#/definitions/input1Item'],
    ['ExecutionOutputs', 'output1', '#/definitions/output1Item'],
  ])('%s refers to the item of its port', (name, port, ref) => {
    expect(document.definitions[name].properties).toEqual({ [port]: { type: 'array', items: { $ref: ref } } })
  })

  test('an item has the types, formats and levels of its columns, all of them required', () => {
    expect(document.definitions.output1Item).toEqual({
      type: 'object',
      required: ['size', 'colour', 'Scored Labels', 'Scored Probabilities'],
      properties: {
        size: { type: 'number', format: 'double' },
        colour: { type: 'string', enum: ['green', 'red'] },
        'Scored Labels': { type: 'string', enum: ['no', 'yes'] },
        'Scored Probabilities': { type: 'number', format: 'double' },
      },
    })
  })

  test('no operation has two parameters or its own security, which the R client would stumble over', () => {
    for (const operations of Object.values<Record<string, { parameters?: unknown[] }>>(document.paths)) {
      for (const operation of Object.values(operations)) {
        expect(operation.parameters?.length ?? 0).toBeLessThan(2)
        expect(operation).not.toHaveProperty('security')
      }
    }
  })
})

test('host, base path and scheme are those of the endpoint', () => {
  const { workspaceId } = scoring.service
  const basePath = `/workspaces/${workspaceId}/services/${scoring.endpoint.id}`
  expect(document).toMatchObject({ swagger: '2.0', host: '127.0.0.1:8150', basePath, schemes: ['http'] })
  expect(documentOf({ ...scoring, baseUrl: 'https://example.com' })).toMatchObject({
    host: 'example.com',
    schemes: ['https'],
  })
})

test('batch execution has its five operations', () => {
  const operations = Object.values<Record<string, { operationId: string }>>(document.paths)
    .flatMap((path) => Object.values(path))
    .map((operation) => operation.operationId)
  expect(operations).toEqual(['getSwagger', 'execute', 'submitJob', 'startJob', 'getJob', 'deleteJob'])
})

test('every reference has its definition', () => {
  for (const api of [scoring, training, portNamed('a/b~c d'), portNamed('same', 'same')]) {
    const found = documentOf(api)
    const refs = [...JSON.stringify(found).matchAll(/"#\/definitions\/([^"]*)"/g)]
    expect(refs.length).toBeGreaterThan(10)
    for (const [, ref = ''] of refs) {
      const name = decodeURIComponent(ref).replaceAll('~1', '/').replaceAll('~0', '~')
      expect(found.definitions).toHaveProperty([name])
    }
  }
})

test('an output port named as an input port keeps its own columns', () => {
  const { definitions } = documentOf(portNamed('same', 'same'))
  expect(definitions.sameItem.required).toEqual(['size', 'colour'])
  expect(definitions.sameOutputItem.required).toContain('Scored Labels')
})

test('a training service has its parameters with their defaults, and files in place of output tables', () => {
  const { definitions } = documentOf(training)
  expect(definitions.GlobalParameters).toEqual({
    type: 'object',
    required: ['Database server name'],
    properties: {
      'Number of trees': { type: 'number', default: 100 },
      'Database server name': { type: 'string' },
    },
  })
  expect(definitions.ExecutionOutputs.properties).toEqual({})
  expect(Object.keys(definitions.BatchExecutionRequest.properties.Outputs.properties)).toEqual([
    'output1',
    'output2',
  ])
})

test('a missing number of the sample row is null', () => {
  const [input] = scoring.inputs
  if (input === undefined) throw new Error('no input')
  const { definitions } = documentOf({ ...scoring, inputs: [{ ...input, sample: ['', 'green'] }] })
  expect(definitions.ExecutionRequest.example.Inputs.input1).toEqual([{ size: null, colour: 'green' }])
})

function portNamed(input: string, output = 'output1'): ApiView {
  return {
    ...scoring,
    inputs: scoring.inputs.map((port) => ({ ...port, name: input })),
    outputs: scoring.outputs.map((port) => ({ ...port, name: output })),
  }
}
