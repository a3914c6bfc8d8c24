import type { Emulator } from '../emulator.ts'
import type { Admitted } from '../http/server.ts'
import { serviceError } from '../http/serviceError.ts'
import type { Endpoint } from '../state/records.ts'

/** Low means 4, whatever MaxConcurrentCalls says (contract section 4). */
export const lowConcurrency = 4

/** How many RRS requests an endpoint takes at a time. */
export function concurrencyOf(endpoint: Endpoint): number {
  return endpoint.throttleLevel === 'Low' ? lowConcurrency : endpoint.maxConcurrentCalls
}

/** Counts an RRS request from its headers to the end of its answer; throws 503 RequestThrottled above the endpoint's limit. */
export function countScoringCall(emulator: Emulator, endpoint: Endpoint, admitted: Admitted): Admitted {
  const { scoringCalls } = emulator
  const underWay = scoringCalls.get(endpoint.id) ?? 0
  const limit = concurrencyOf(endpoint)
  if (underWay >= limit) {
    const message = `Request was throttled for ${endpoint.name} endpoint. The maximum concurrency for the endpoint is ${limit}.`
    throw serviceError('ServiceUnavailable', 'RequestThrottled', message, endpoint.name)
  }
  scoringCalls.set(endpoint.id, underWay + 1)
  return {
    handle: admitted.handle,
    done() {
      const now = (scoringCalls.get(endpoint.id) ?? 1) - 1
      if (now <= 0) scoringCalls.delete(endpoint.id)
      else scoringCalls.set(endpoint.id, now)
    },
  }
}
