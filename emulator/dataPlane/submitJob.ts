import { randomUUID } from 'node:crypto'
import {
  type Definition,
  globalParameters,
  inputPorts,
  type OutputKind,
  outputPorts,
} from '../definitions/definition.ts'
import type { Emulator } from '../emulator.ts'
import { type Answer, jsonAnswer } from '../http/answer.ts'
import { bodyInvalid, parseJsonBody } from '../http/body.ts'
import { memberOf } from '../http/members.ts'
import { serviceError } from '../http/serviceError.ts'
import { extensionOf } from '../jobs/jobFiles.ts'
import { newId } from '../state/ids.ts'
import {
  type BlobReference,
  decodeBlobReference,
  isObject,
  shownReference,
} from '../storage/blobReference.ts'
import { checkParameters } from './parameters.ts'
import type { DataCall } from './route.ts'

/** BES submit: creates a job that does not run until started; answers its id as a bare JSON string. Source: contract section 3.1. */
export async function submitJob(emulator: Emulator, call: DataCall, body: Buffer): Promise<Answer> {
  const definition = emulator.store.definition(call.endpoint.definition)
  if (definition === undefined) throw new Error('the endpoint has no definition')
  const json = parseJsonBody(body, call.request.headers)
  if (!isObject(json)) throw bodyInvalid('The body is not an object.')
  const inputs = decodeInputs(json, definition)
  const outputs = decodeOutputs(memberOf(json, 'Outputs'), definition, emulator.settings.container)
  const parameters = checkParameters(
    globalParameters(definition),
    memberOf(json, 'GlobalParameters'),
    'BadArgument',
  )
  const { endpoint } = call
  const id = newId()
  await emulator.store.put('job', {
    id,
    workspaceId: endpoint.workspaceId,
    serviceId: endpoint.serviceId,
    endpointId: endpoint.id,
    definition: endpoint.definition,
    status: 'NotStarted',
    createdAtMs: emulator.clock.nowMs(),
    inputs,
    inputLocations: Object.fromEntries(
      Object.entries(inputs).map(([port, input]) => [port, input.relativeLocation]),
    ),
    outputs,
    parameters,
  })
  return jsonAnswer(id)
}

/** The blob of every input port: a single `Input` for a service with one, or `Inputs` by port. */
function decodeInputs(json: Record<string, unknown>, definition: Definition): Record<string, BlobReference> {
  const ports = inputPorts(definition)
  const single = memberOf(json, 'Input') ?? undefined
  const given = memberOf(json, 'Inputs')
  const inputs = isObject(given) ? given : undefined
  const names = Object.keys(inputs ?? {})
  if (single !== undefined && names.length > 0) throw inputError('DuplicateInputInBatchCall', '')
  if (single !== undefined) checkAllGiven(ports.slice(0, 1), ports)
  const wrong = names.filter((name) => !ports.includes(name))
  const all = wrong.length < names.length && ports.every((port) => names.includes(port))
  if (wrong.length > 0 && all) throw inputError('BatchJobInputsTooManySpecified', ports.join(', '))
  if (wrong.length > 0) throw inputError('InvalidInputNames', wrong.join(', '))
  if (single === undefined) checkAllGiven(names, ports)
  return Object.fromEntries(
    ports.map((port) => {
      const reference = decodeBlobReference(single ?? inputs?.[port], port)
      checkExtension(reference, 'dataset', port)
      return [port, reference]
    }),
  )
}

function checkAllGiven(given: readonly string[], ports: readonly string[]): void {
  const missing = ports.filter((port) => !given.includes(port))
  if (missing.length > 0) throw inputError('BatchJobInputsNotSpecified', missing.join(', '))
}

const inputMessages = {
  DuplicateInputInBatchCall: () =>
    'The batch request is invalid. Cannot specify both single and multiple input at the same time. Remove one of these items from the request and try again.',
  BatchJobInputsNotSpecified: (names: string) =>
    `The following required input(s) were not specified with the request: ${names}. Please ensure all input data is specified and try again.`,
  BatchJobInputsTooManySpecified: (names: string) =>
    `The request specified more inputs than defined in the service. List of accepted input(s): ${names}. Please ensure all input data is specified correctly and try again.`,
  InvalidInputNames: (names: string) =>
    `Invalid service input name(s) specified in the request: ${names}. Please map the input data to the correct service inputs and try again.`,
}

function inputError(code: keyof typeof inputMessages, names: string): Error {
  return serviceError('BadArgument', code, inputMessages[code](names), names)
}

/** Every output port's blob: the client's override, else a random name in the emulator's storage. */
function decodeOutputs(
  json: unknown,
  definition: Definition,
  container: string,
): Record<string, BlobReference> {
  const ports = outputPorts(definition)
  const overrides = isObject(json) ? json : {}
  const wrong = Object.keys(overrides).find((name) => !Object.hasOwn(ports, name))
  if (wrong !== undefined) {
    const message = `Invalid output override name: ${wrong}. The service does not have an output node with this name. Please pass in a correct output node name to override (case sensitivity applies).`
    throw serviceError('BadArgument', 'InvalidOutputOverrideName', message, wrong)
  }
  return Object.fromEntries(
    Object.entries(ports).map(([port, kind]) => {
      const override = overrides[port]
      if (override === undefined || override === null) return [port, chosenOutput(container, kind)]
      const reference = decodeBlobReference(override, port)
      checkExtension(reference, kind, port)
      return [port, reference]
    }),
  )
}

function chosenOutput(container: string, kind: OutputKind): BlobReference {
  const guid = randomUUID()
  const extension = kind === 'model' ? '.ilearner' : '.csv'
  return { kind: 'own', relativeLocation: `${container}/${guid}/${guid}${extension}` }
}

const extensions: Record<OutputKind, string[]> = {
  dataset: ['.csv', '.tsv', '.arff'],
  model: ['.ilearner'],
}

/** Throws InvalidBlobExtension, with the service's text. Of the datasets' three, the emulator reads and writes no `.arff`. */
export function checkExtension(reference: BlobReference, kind: OutputKind, port: string): void {
  const extension = extensionOf(reference.relativeLocation)
  const supported = extensions[kind]
  const base = `The blob reference: ${shownReference(reference)} has an invalid or missing file extension. Supported file extensions for this output type are: "${supported.join(', ')}".`
  if (!supported.includes(extension)) throw serviceError('BadArgument', 'InvalidBlobExtension', base, port)
  if (extension === '.arff') {
    const message = `${base} The emulator takes no .arff: use .csv or .tsv.`
    throw serviceError('BadArgument', 'InvalidBlobExtension', message, port)
  }
}
