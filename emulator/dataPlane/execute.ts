import { type Definition, globalParameters } from '../definitions/definition.ts'
import type { Emulator } from '../emulator.ts'
import { type Answer, jsonAnswer } from '../http/answer.ts'
import { bodyInvalid, parseJsonBody } from '../http/body.ts'
import { queryValue, type Request } from '../http/request.ts'
import { serviceError } from '../http/serviceError.ts'
import { formatCell } from '../scoring/format.ts'
import { decodeInputTable, type InputTable, placeColumns } from '../scoring/inputTable.ts'
import { liveModel } from '../scoring/modelCache.ts'
import { type OutputTable, predict } from '../scoring/predict.ts'
import { transformTable, transformTypes } from '../scoring/transform.ts'
import type { Endpoint } from '../state/records.ts'
import { isObject } from '../storage/blobReference.ts'
import { checkParameters } from './parameters.ts'
import type { DataCall } from './route.ts'

/** RRS: scores the rows of the body at once. Source: contract section 2. */
export function execute(emulator: Emulator, call: DataCall, body: Buffer): Answer | Promise<Answer> {
  const definition = emulator.store.definition(call.endpoint.definition)
  if (definition === undefined) throw new Error('the endpoint has no definition')
  if (definition.kind === 'training') throw batchOnly()
  const { inputPort, outputPort } = definition.experiment
  const input = decodeRequest(parseJsonBody(body, call.request.headers), definition, inputPort)
  const answer = (output: OutputTable) => encodeAnswer(output, outputPort, call.request)
  if (definition.kind === 'transform') return answer(transformRows(definition, input))
  const model = modelOf(emulator, call.endpoint)
  const rows = { input, port: inputPort }
  const scorer = emulator.cache.peek(model)
  if (scorer !== undefined) return answer(predict(definition.training, scorer, rows))
  return emulator.cache.load(model).then((loaded) => answer(predict(definition.training, loaded, rows)))
}

/** The model that the endpoint answers with now. */
export function modelOf(emulator: Emulator, endpoint: Endpoint): string {
  const [resource] = endpoint.resources
  if (resource === undefined) throw new Error('the endpoint has no model')
  return liveModel(resource.installs, emulator.clock.nowMs())
}

function decodeRequest(json: unknown, definition: Definition, port: string): InputTable {
  if (!isObject(json)) throw bodyInvalid('The body is not an object.')
  checkParameters(globalParameters(definition), json.GlobalParameters, 'BadUserArgument')
  const inputs = json.Inputs
  if (!isObject(inputs) || Object.keys(inputs).length === 0) {
    const message =
      'The web service expects an input, but no input was provided. Ensure valid inputs are provided based on the published input ports in the model and try again.'
    throw serviceError('BadArgument', 'MissingRequestInput', message, port)
  }
  const wrong = Object.keys(inputs).filter((name) => name !== port)
  if (wrong.length > 0) {
    const message = `Invalid service input name(s) specified in the request: ${wrong.join(', ')}. Please map the input data to the correct service inputs and try again.`
    throw serviceError('BadArgument', 'InvalidInputNames', message, port)
  }
  return decodeInputTable(inputs[port], port)
}

function transformRows(
  definition: Extract<Definition, { kind: 'transform' }>,
  input: InputTable,
): OutputTable {
  const { experiment } = definition
  const known = experiment.columns.map((column) => column.name)
  placeColumns(input.columns, experiment.select, { optional: known, port: experiment.inputPort })
  const texts = input.rows.map((row) => row.map((cell) => formatCell(cell) ?? ''))
  return { ...transformTable(experiment, input.columns, texts), types: transformTypes(experiment).types }
}

function encodeAnswer(output: OutputTable, port: string, request: Request): Answer {
  const { columns, types, rows } = output
  if (queryValue(request, 'format')?.toLowerCase() === 'swagger') {
    const records = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])))
    return jsonAnswer({ Results: { [port]: records } })
  }
  const detailed = queryValue(request, 'details')?.toLowerCase() === 'true'
  const value = detailed
    ? { ColumnNames: columns, ColumnTypes: types, Values: rows }
    : { ColumnNames: columns, Values: rows }
  return jsonAnswer({ Results: { [port]: { type: 'table', value } } })
}

function batchOnly(): Error {
  const message =
    'The model is incompatible with the request version. The request version only supports single datatable output models. A training web service is called through BES.'
  return serviceError('InvalidOperation', 'IncompatibleModel', message)
}
