import type { Operation } from '../admin/fault.ts'
import type { Emulator } from '../emulator.ts'
import type { Endpoint, WebService, Workspace } from '../state/records.ts'
import type { Answer } from './answer.ts'
import type { Request } from './request.ts'
import type { Admitted } from './server.ts'
import { classOfStatus, serviceError } from './serviceError.ts'

/** An operation on what the path names, allowed to the one who asks. */
export type Call = {
  operation: Operation
  request: Request
  workspace: Workspace
  /** Present where the path names one. */
  service?: WebService
  endpoint?: Endpoint
}

export type Handler = (body: Buffer) => Answer | Promise<Answer>

/** Lets the call in, with the faults on demand before and after its effect. */
export function letIn(emulator: Emulator, call: Call, handler: Handler): Admitted {
  if (emulator.faults.list().length === 0) return { handle: handler }
  failBefore(emulator, call)
  return {
    async handle(body) {
      const answer = await handler(body)
      const after = emulator.faults.take('errorAfter', call)
      if (after !== undefined) throw faultError(after.status, 'after the effect')
      return answer
    },
  }
}

function failBefore(emulator: Emulator, call: Call): void {
  const throttle = emulator.faults.take('throttle', call)
  if (throttle !== undefined) {
    const text = 'Request was throttled: a fault on demand.'
    throw serviceErrorWith(throttle.status, 'RequestThrottled', text, throttle.retryAfterSeconds)
  }
  const before = emulator.faults.take('errorBefore', call)
  if (before !== undefined) throw faultError(before.status, 'before the effect')
  const young = emulator.faults.peek('unauthorizedAfterCreation', call)
  const ageMs = call.endpoint === undefined ? 0 : emulator.clock.nowMs() - call.endpoint.createdAtMs
  if (young !== undefined && call.endpoint !== undefined && ageMs < young.seconds * 1000) {
    throw serviceError('Unauthorized', 'ScoreRequestUnauthorized', 'Invalid credentials provided.')
  }
}

function faultError(status: number, when: string): Error {
  return serviceErrorWith(status, 'UnknownError', `A fault on demand, ${when}.`)
}

function serviceErrorWith(status: number, code: string, message: string, retryAfterSeconds?: number): Error {
  const error = serviceError(classOfStatus(status), code, message)
  return Object.assign(error, { status, retryAfterSeconds })
}
