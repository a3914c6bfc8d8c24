import type { ApiView } from '../pages/view.ts'

const text = { type: 'string' }
const blob = { $ref: '#/definitions/BlobReference' }

/** What requests and answers of batch execution jobs, and errors, are made of. */
export function batchDefinitions(api: ApiView): Record<string, object> {
  const ports = (names: string[]) => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, blob])),
  })
  const outputs = ports(api.outputs.map((output) => output.name))
  return {
    BlobReference: blobReference,
    BatchExecutionRequest: {
      type: 'object',
      description: 'A single input may be given as Input in place of Inputs. Outputs are optional',
      properties: {
        Input: blob,
        Inputs: ports(api.inputs.map((input) => input.name)),
        Outputs: outputs,
        GlobalParameters: { $ref: '#/definitions/GlobalParameters' },
      },
    },
    BatchJob: {
      type: 'object',
      required: ['StatusCode', 'Results', 'Details'],
      properties: {
        StatusCode: { ...text, enum: ['NotStarted', 'Running', 'Failed', 'Cancelled', 'Finished'] },
        Results: { ...outputs, description: 'null until the job is finished' },
        Details: { ...text, description: 'Why the job failed, otherwise null' },
      },
    },
    ErrorResponse: errorResponse,
  }
}

const blobReference = {
  type: 'object',
  description:
    'A blob by ConnectionString and RelativeLocation, or by BaseLocation, RelativeLocation and SasBlobToken',
  required: ['RelativeLocation'],
  properties: { ConnectionString: text, BaseLocation: text, RelativeLocation: text, SasBlobToken: text },
}

const errorDetail = {
  type: 'object',
  required: ['code', 'target', 'message'],
  properties: { code: text, target: text, message: text },
}

const errorResponse = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details'],
      properties: { code: text, message: text, details: { type: 'array', items: errorDetail } },
    },
  },
}
