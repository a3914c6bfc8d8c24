import { setTimeout as delay } from 'node:timers/promises'
import { type Backoff, backoffMs, retryAfterSeconds } from '../../lib/backoff.ts'
import { RetryableError } from '../../retraining/errors.ts'
import type { HttpAnswer, HttpCall, HttpClient } from '../http/httpClient.ts'
import type { Secrets } from '../secrets.ts'
import type { UrlGuard } from '../urlGuard.ts'
import { fromHttpStatus, isTransient } from './fromHttpStatus.ts'

/** What the calls of the web services need of the world. */
export type ClassicOptions = {
  http: Pick<HttpClient, 'send'>
  guard: Pick<UrlGuard, 'check'>
  secrets: Pick<Secrets, 'resolve'>
  redact(text: string): string
  now(): number
  random(): number
  /** The most one call may take, with all its tries, in seconds: for the PATCH less than half of a claim. */
  totalSeconds: number
  /** Waits between tries; the system's timer where absent. */
  wait?(ms: number): Promise<void>
}

/** One call of a web service. Every one of them may be sent again: none does more when it arrives twice. */
export type ServiceCall = {
  /** Verb and object of the error's text. */
  what: string
  method: HttpCall['method']
  url: URL
  /** The reference of the key. */
  apiKey: string
  body?: object
  /** Answers other than 2xx that are an outcome, not an error. */
  expects?(answer: HttpAnswer): boolean
}

const mostTries = 3
const betweenTries: Backoff = { firstMs: 250, longestMs: 2_000 }

/** A service that asks for more patience than this gets it by the run's own schedule, not inside a call. */
const longestWaitSeconds = 5

/**
 * Sends a call, up to three times after 408, 425, 429, 5xx and network errors (with jitter, never before Retry-After), and
 * once more with the key resolved anew after 401 or 403. Answers 2xx and what the call expects; throws the rest as
 * {@link fromHttpStatus} says.
 */
export async function callService(options: ClassicOptions, call: ServiceCall): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(options.totalSeconds * 1000)
  const endsAtMs = options.now() + options.totalSeconds * 1000
  let isKeyNew = false
  for (let tries = 1; ; ) {
    const outcome = await attempt(options, call, { signal, isKeyNew })
    if (!(outcome instanceof Error)) {
      if (isSuccess(outcome) || call.expects?.(outcome) === true) return outcome
      if ((outcome.status === 401 || outcome.status === 403) && !isKeyNew) {
        isKeyNew = true
        continue
      }
    }
    const waitMs = nextWaitMs(outcome, tries, options.random(), options.now())
    if (waitMs === undefined || tries >= mostTries || options.now() + waitMs >= endsAtMs) {
      throw outcome instanceof Error ? outcome : fromHttpStatus(call.what, outcome, options)
    }
    await (options.wait ?? delay)(waitMs)
    tries += 1
  }
}

/** How long to wait before the same call may be sent again; undefined when it should not be, not now. Pure. */
export function nextWaitMs(
  outcome: HttpAnswer | RetryableError,
  tries: number,
  random: number,
  nowMs: number,
): number | undefined {
  const waitMs = backoffMs(betweenTries, tries, random)
  if (outcome instanceof RetryableError) return waitMs
  if (!isTransient(outcome.status)) return undefined
  const seconds = retryAfterSeconds(outcome.headers['retry-after'], nowMs) ?? 0
  return seconds > longestWaitSeconds ? undefined : Math.max(waitMs, seconds * 1000)
}

async function attempt(
  options: ClassicOptions,
  call: ServiceCall,
  { signal, isKeyNew }: { signal: AbortSignal; isKeyNew: boolean },
): Promise<HttpAnswer | RetryableError> {
  const key = await options.secrets.resolve(call.apiKey, { again: isKeyNew })
  const headers = { authorization: `Bearer ${key.reveal()}`, accept: 'application/json' }
  const { method, url, body } = call
  try {
    if (body === undefined) return await options.http.send({ method, url, headers, signal })
    const withType = { ...headers, 'content-type': 'application/json; charset=utf-8' }
    return await options.http.send({ method, url, headers: withType, signal, body: JSON.stringify(body) })
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error
    return new RetryableError(options.redact(`Cannot ${call.what}: ${error.message}`), { cause: error })
  }
}

function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300
}
