import { rowsRequest } from '../pages/bodies.ts'
import type { ApiView, OutputView } from '../pages/view.ts'
import { batchDefinitions } from './batchDefinitions.ts'
import { itemDefinition, parameterDefinition } from './schema.ts'

type Table = Extract<OutputView, { kind: 'table' }>

/** The definitions, `input1Item` and `output1Item` among them. An output port named as an input port gets `...OutputItem`. */
export function definitions(api: ApiView): Record<string, object> {
  const tables = api.outputs.filter((output): output is Table => output.kind === 'table')
  const inputNames = new Set(api.inputs.map((input) => input.name))
  const outputItem = (name: string) => (inputNames.has(name) ? `${name}OutputItem` : `${name}Item`)
  return {
    ExecutionInputs: portsDefinition(api.inputs.map(({ name }) => [name, `${name}Item`])),
    ...Object.fromEntries(api.inputs.map((input) => [`${input.name}Item`, itemDefinition(input.columns)])),
    ExecutionOutputs: portsDefinition(tables.map(({ name }) => [name, outputItem(name)])),
    ...Object.fromEntries(tables.map(({ name, columns }) => [outputItem(name), itemDefinition(columns)])),
    GlobalParameters: parameterDefinition(api.parameters),
    ExecutionRequest: {
      type: 'object',
      required: ['Inputs'],
      properties: {
        Inputs: { $ref: '#/definitions/ExecutionInputs' },
        GlobalParameters: { $ref: '#/definitions/GlobalParameters' },
      },
      example: rowsRequest(api),
    },
    ExecutionResponse: {
      type: 'object',
      properties: { Results: { $ref: '#/definitions/ExecutionOutputs' } },
    },
    ...batchDefinitions(api),
  }
}

/** Ports, each a list of rows. */
function portsDefinition(ports: [name: string, item: string][]): object {
  const properties = ports.map(([name, item]) => [name, { type: 'array', items: { $ref: pointer(item) } }])
  return {
    type: 'object',
    required: ports.map(([name]) => name),
    properties: Object.fromEntries(properties),
  }
}

/** A JSON pointer in a URL fragment; a plain name stands as it is. */
function pointer(name: string): string {
  return `#/definitions/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`
}
