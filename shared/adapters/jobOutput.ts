import { RetryableError, TerminalError } from '../retraining/errors.ts'
import type { ResourceLocation } from '../retraining/services.ts'
import type { HttpClient } from './http/httpClient.ts'
import type { UrlGuard } from './urlGuard.ts'

/** What reading a job's output needs. */
export type OutputReaderOptions = {
  http: Pick<HttpClient, 'open'>
  guard: Pick<UrlGuard, 'check'>
  /** The most that reading one output to its end may take, in seconds; three minutes where absent. */
  outputSeconds?: number
}

/** What of an invocation's five minutes is left after a tick's time and a call for the status. */
const usualSeconds = 180

/** Opens a job's output by its SAS, as a stream. */
export type OutputReader = (from: ResourceLocation) => Promise<AsyncIterable<Uint8Array>>

/**
 * Reads what a job left behind. The location comes from the service, so it passes the guard. Throws `RetryableError` when
 * the SAS is refused (the next try asks for a fresh one), the storage is in trouble or takes too long: an output that trickles
 * must not outlive the invocation, which ends with all else that it does; `TerminalError` when there is nothing.
 */
export function createOutputReader(options: OutputReaderOptions): OutputReader {
  const { http, guard, outputSeconds = usualSeconds } = options
  return async ({ baseLocation, relativeLocation, sasBlobToken }) => {
    const url = guard.check('location of a job output', baseLocation + relativeLocation + sasBlobToken)
    const answer = await http.open({ method: 'GET', url, signal: AbortSignal.timeout(outputSeconds * 1000) })
    if (answer.status === 200) return answer.content
    await answer.text()
    const code = answer.headers['x-ms-error-code'] ?? ''
    const text =
      `Cannot read the job output ${relativeLocation.split('?')[0]}: ${answer.status} ${code}`.trim()
    const isFinal =
      answer.status >= 300 && answer.status < 500 && ![401, 403, 408, 429].includes(answer.status)
    throw isFinal ? new TerminalError(text) : new RetryableError(text)
  }
}
