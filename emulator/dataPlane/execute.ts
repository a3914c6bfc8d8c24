import type { Emulator } from '../emulator.ts'
import type { Scorer } from '../engine/index.ts'
import { type Answer, jsonAnswer } from '../http/answer.ts'
import { parseJsonBody } from '../http/body.ts'
import { queryValue, type Request } from '../http/request.ts'
import { serviceError } from '../http/serviceError.ts'
import { liveModel } from '../scoring/modelCache.ts'
import type { OutputTable } from '../scoring/predict.ts'
import type { Endpoint } from '../state/records.ts'
import { decodeExecuteRequest } from './executeRequest.ts'
import { type PortOutput, scoreRequest, transformRequest } from './executeSteps.ts'
import type { DataCall } from './route.ts'

/** RRS: scores the rows of the body at once. Source: contract section 2. */
export function execute(emulator: Emulator, call: DataCall, body: Buffer): Answer | Promise<Answer> {
  const definition = emulator.store.definition(call.endpoint.definition)
  if (definition === undefined) throw new Error('the endpoint has no definition')
  if (definition.kind === 'training') throw batchOnly()
  const request = decodeExecuteRequest(parseJsonBody(body, call.request.headers), definition)
  if (definition.kind === 'transform') {
    return encodeAnswer(transformRequest(definition.experiment, request), call.request)
  }
  const answer = (scorer: Scorer) => encodeAnswer([scoreRequest(definition, scorer, request)], call.request)
  const model = modelOf(emulator, call.endpoint)
  const scorer = emulator.cache.peek(model)
  return scorer === undefined ? loadModel(emulator, call, model).then(answer) : answer(scorer)
}

/** Brings a model into memory, and logs that (`score/init`). */
async function loadModel(
  { cache, diagnostics }: Emulator,
  { endpoint, request }: DataCall,
  model: string,
): Promise<Scorer> {
  const startedMs = performance.now()
  const end = (status: string, error: object) => {
    const durationMs = Math.round(performance.now() - startedMs)
    const { requestId } = request
    diagnostics.log(endpoint, 'score/init', {
      operation: 'loadModel',
      requestId,
      status,
      durationMs,
      ...error,
    })
  }
  try {
    const scorer = await cache.load(model)
    end('Loaded', {})
    return scorer
  } catch (error) {
    end('Failed', { error: String(error) })
    throw error
  }
}

/** The model that the endpoint answers with now. */
export function modelOf(emulator: Emulator, endpoint: Endpoint): string {
  const [resource] = endpoint.resources
  if (resource === undefined) throw new Error('the endpoint has no model')
  return liveModel(resource.installs, emulator.clock.nowMs())
}

function encodeAnswer(outputs: readonly PortOutput[], request: Request): Answer {
  const encode =
    queryValue(request, 'format')?.toLowerCase() === 'swagger'
      ? asRecords
      : queryValue(request, 'details')?.toLowerCase() === 'true'
        ? asDetailedTable
        : asTable
  return jsonAnswer({
    Results: Object.fromEntries(outputs.map(({ port, output }) => [port, encode(output)])),
  })
}

function asRecords({ columns, rows }: OutputTable): object[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])))
}

function asTable({ columns, rows }: OutputTable): object {
  return { type: 'table', value: { ColumnNames: columns, Values: rows } }
}

function asDetailedTable({ columns, types, rows }: OutputTable): object {
  return { type: 'table', value: { ColumnNames: columns, ColumnTypes: types, Values: rows } }
}

function batchOnly(): Error {
  const message =
    'The model is incompatible with the request version. The request version only supports single datatable output models. A training web service is called through BES.'
  return serviceError('InvalidOperation', 'IncompatibleModel', message)
}
