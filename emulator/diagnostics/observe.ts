import type { DataCall } from '../dataPlane/route.ts'
import type { Emulator } from '../emulator.ts'
import type { Answer } from '../http/answer.ts'
import type { Admitted } from '../http/server.ts'
import { ServiceError } from '../http/serviceError.ts'
import type { Job } from '../state/records.ts'

/** Lets a call of the data plane in and logs how it ends, where its endpoint logs anything. */
export function observe(emulator: Emulator, call: DataCall, admit: () => Admitted): Admitted {
  if (call.endpoint.diagnosticsTraceLevel === 'None') return admit()
  const startedMs = performance.now()
  const end = (status: number, error?: unknown) => logCall(emulator, call, { startedMs, status, error })
  const fail = (error: unknown): never => {
    end(error instanceof ServiceError ? error.status : 500, error)
    throw error
  }
  const succeed = (answer: Answer): Answer => {
    end(answer.status)
    return answer
  }
  try {
    const { handle, ...rest } = admit()
    return { ...rest, handle: (body) => settle(() => handle(body), succeed, fail) }
  } catch (error) {
    return fail(error)
  }
}

function settle(
  work: () => Answer | Promise<Answer>,
  succeed: (answer: Answer) => Answer,
  fail: (error: unknown) => never,
): Answer | Promise<Answer> {
  let answer: Answer | Promise<Answer>
  try {
    answer = work()
  } catch (error) {
    return fail(error)
  }
  return answer instanceof Promise ? answer.then(succeed, fail) : succeed(answer)
}

type CallEnd = { startedMs: number; status: number; error: unknown }

function logCall(
  { diagnostics }: Emulator,
  { operation, request, endpoint }: DataCall,
  { startedMs, status, error }: CallEnd,
): void {
  diagnostics.log(endpoint, operation === 'execute' ? 'score/requests' : 'batch', {
    operation,
    requestId: request.requestId,
    status,
    durationMs: Math.round((performance.now() - startedMs) * 1000) / 1000,
    ...(error === undefined ? {} : { error: textOf(error) }),
  })
}

/** Logs a job's end at its endpoint. */
export function logJobEnd({ diagnostics, store }: Pick<Emulator, 'diagnostics' | 'store'>, job: Job): void {
  const endpoint = store.endpoint(job.endpointId)
  if (endpoint === undefined) return
  const { details } = job
  diagnostics.log(endpoint, 'batch', {
    operation: 'jobEnd',
    jobId: job.id,
    status: job.status,
    ...(details === undefined ? {} : { error: details }),
  })
}

function textOf(error: unknown): string {
  if (error instanceof ServiceError) {
    return error.details.map(({ code, message }) => `${code}: ${message}`).join('; ')
  }
  return error instanceof Error ? error.message : String(error)
}
