import { type ApiView, answersRequests } from '../pages/view.ts'

const ref = (name: string) => ({ $ref: `#/definitions/${name}` })
const body = (name: string) => [{ name: 'body', in: 'body', required: true, schema: ref(name) }]
const jobId = [{ name: 'jobId', in: 'path', required: true, type: 'string' }]

/** `description` first: the R client compares the first member of every answer. */
function answers(description: string, schema?: object): object {
  return {
    200: schema === undefined ? { description } : { description, schema },
    default: { description: 'An error', schema: ref('ErrorResponse') },
  }
}

/**
 * The paths, in an order that clients rely on: execute is the second. No operation has more than one parameter, and
 * security is the document's: the R client compares whatever an operation holds with "execute", column by column.
 */
export function paths(api: ApiView): Record<string, object> {
  return {
    '/swagger.json': {
      get: { operationId: 'getSwagger', summary: 'This document', responses: answers('Swagger 2.0') },
    },
    '/execute?api-version=2.0&format=swagger': { post: execute(api) },
    '/jobs?api-version=2.0': {
      post: {
        operationId: 'submitJob',
        summary: 'Submits a batch execution job, which waits until it is started',
        parameters: body('BatchExecutionRequest'),
        responses: answers('The id of the job', { type: 'string' }),
      },
    },
    ...jobPaths(),
  }
}

function execute(api: ApiView): object {
  const summary = answersRequests(api.service)
    ? 'Scores rows'
    : 'Refused: this web service trains a model and writes files, which is done by batch execution jobs'
  return {
    operationId: 'execute',
    summary,
    parameters: body('ExecutionRequest'),
    responses: answers('The results by output port', ref('ExecutionResponse')),
  }
}

function jobPaths(): Record<string, object> {
  return {
    '/jobs/{jobId}/start?api-version=2.0': {
      post: {
        operationId: 'startJob',
        summary: 'Starts a submitted job; the request has no body',
        parameters: jobId,
        responses: answers('Accepted'),
      },
    },
    '/jobs/{jobId}?api-version=2.0': {
      get: {
        operationId: 'getJob',
        summary: 'Status of a job, and where its results are',
        parameters: jobId,
        responses: answers('The job', ref('BatchJob')),
      },
      delete: {
        operationId: 'deleteJob',
        summary: 'Cancels a job',
        parameters: jobId,
        responses: answers('Cancelled, or already at an end'),
      },
    },
  }
}
