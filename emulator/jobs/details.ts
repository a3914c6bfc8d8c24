import { type Definition, transformSteps } from '../definitions/definition.ts'
import type { TaskFailure } from './task.ts'

/** What a failed job's Details are made of. */
export type DetailsFacts = {
  jobId: string
  /** GUIDs of the task and the request, which the service makes up. */
  taskId: string
  requestId: string
  /** The module that failed, `Train Model`. */
  module: string
  failure: TaskFailure
  atMs: number
}

/** Codes of module errors. Source: ML Studio (classic) module error codes; 1000 is what a real failure showed. */
const codes = {
  data: { id: 'LibraryException', code: '1000', prefix: 'AFx Library library exception: ' },
  memory: { id: 'MemoryExhausted', code: '0138', prefix: 'Memory has been exhausted: ' },
  internal: { id: 'InternalError', code: '1001', prefix: 'The emulator failed: ' },
} as const

/** The text of `Details` for a job whose module failed, in the style of contract section 3.3: one line. */
export function moduleFailureDetails(facts: DetailsFacts): string {
  const { id, code, prefix } = codes[facts.failure.kind]
  return detailsText(facts, { id, code, message: `Error ${code}: ${prefix}${facts.failure.message}` })
}

/** The text of `Details` for a job whose input or output blob cannot be reached. */
export function blobFailureDetails(facts: DetailsFacts): string {
  return detailsText(facts, {
    id: 'FailedToAccessBlob',
    code: '0030',
    message: `Error 0030: Unable to download or write the file: ${facts.failure.message}`,
  })
}

/** The module that a failure of this service is put down to. */
export function moduleOf(definition: Definition): string {
  if (definition.kind === 'training') return 'Train Model'
  if (definition.kind === 'predictive') return 'Score Model'
  const hashes = transformSteps(definition.experiment).some((step) => step.featureHashing !== undefined)
  return hashes ? 'Feature Hashing' : 'Select Columns in Dataset'
}

function detailsText(facts: DetailsFacts, error: { id: string; code: string; message: string }): string {
  const message = error.message.replaceAll(/\s+/g, ' ')
  const json = JSON.stringify({
    Exception: {
      ErrorId: error.id,
      ErrorCode: error.code,
      ExceptionType: 'ModuleException',
      Message: message,
    },
  })
  return (
    `Module: ${facts.module}; SNR Job Id: ${facts.jobId}; SNR Task Id: ${facts.taskId}; ` +
    `requestId = ${facts.requestId} errorComponent=Module. taskStatusCode=400. ` +
    `${json}Error: ${message} Process exited with error code -2 Record Starts at UTC ${stamp(facts.atMs)}`
  )
}

/** `05/06/2016 07:19:52`, UTC. */
function stamp(atMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${month}/${day}/${year} ${time.slice(0, 8)}`
}
