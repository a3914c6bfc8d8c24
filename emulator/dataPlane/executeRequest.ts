import { type Definition, globalParameters, inputPorts, parameterValues } from '../definitions/definition.ts'
import { bodyInvalid } from '../http/body.ts'
import { memberOf } from '../http/members.ts'
import { serviceError } from '../http/serviceError.ts'
import { decodeInputTable, type InputTable } from '../scoring/inputTable.ts'
import { isObject } from '../storage/blobReference.ts'
import { checkParameters } from './parameters.ts'

/** An RRS request: a table for every input port, and every global parameter's value (given or default). */
export type ExecuteRequest = {
  inputs: ReadonlyMap<string, InputTable>
  parameters: Readonly<Record<string, string | number>>
}

/** Decodes a body; throws MissingRequestInput, InvalidInputNames, InputParseError and the errors of parameters. */
export function decodeExecuteRequest(json: unknown, definition: Definition): ExecuteRequest {
  if (!isObject(json)) throw bodyInvalid('The body is not an object.')
  const values = checkParameters(
    globalParameters(definition),
    memberOf(json, 'GlobalParameters'),
    'BadUserArgument',
  )
  const given = memberOf(json, 'Inputs')
  const tables = isObject(given) ? given : {}
  const ports = inputPorts(definition)
  const wrong = Object.keys(tables).filter((name) => !ports.includes(name))
  if (wrong.length > 0) {
    const message = `Invalid service input name(s) specified in the request: ${wrong.join(', ')}. Please map the input data to the correct service inputs and try again.`
    throw serviceError('BadArgument', 'InvalidInputNames', message, ports.join(', '))
  }
  const missing = ports.filter((port) => !Object.hasOwn(tables, port))
  if (missing.length > 0) {
    const message =
      'The web service expects an input, but no input was provided. Ensure valid inputs are provided based on the published input ports in the model and try again.'
    throw serviceError('BadArgument', 'MissingRequestInput', message, missing.join(', '))
  }
  return {
    inputs: new Map(ports.map((port) => [port, decodeInputTable(tables[port], port)])),
    parameters: parameterValues(definition, values),
  }
}
