import type { Endpoint, TraceLevel } from '../state/records.ts'

/** What is logged apart: requests scored, models made ready for scoring, batch jobs. Source: contract section 7. */
export type Area = 'score/requests' | 'score/init' | 'batch'

/** One thing that happened at an endpoint. Never a body, a cell, a key or a token. */
export type Entry = {
  operation: string
  /** As in the answer's `x-ms-request-id`. */
  requestId?: string
  jobId?: string
  /** HTTP status, or a job's status. */
  status: number | string
  durationMs?: number
  /** Present when it failed. */
  error?: string
}

/** Whether an endpoint of this level logs it. */
export function isLogged(level: TraceLevel, entry: Entry): boolean {
  return level === 'All' || (level === 'Error' && entry.error !== undefined)
}

/** The blob of an hour, `{ws}-{serviceId}-{endpointId}/score/requests/2016-05-06T07.log`. */
export function blobOf(endpoint: Endpoint, area: Area, atMs: number): string {
  const hour = new Date(atMs).toISOString().slice(0, 13)
  return `${endpoint.workspaceId}-${endpoint.serviceId}-${endpoint.id}/${area}/${hour}.log`
}

/** The entry as a line of JSON; the signature of a token in the error is cut. */
export function lineOf(entry: Entry, atMs: number): string {
  const { error, ...rest } = entry
  const level = error === undefined ? 'Information' : 'Error'
  const said = error === undefined ? {} : { error: error.replaceAll(/sig=[^&\s"]*/g, 'sig=') }
  return `${JSON.stringify({ time: new Date(atMs).toISOString(), level, ...rest, ...said })}\n`
}
