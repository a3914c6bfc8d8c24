import { withInstantsForReading } from '../lib/instants.ts'
import type { ApiPorts } from './apiPorts.ts'
import { audited } from './audited.ts'
import { sealContinuation } from './continuation.ts'
import type { HttpInput } from './httpInput.ts'
import { Problem, problemBody, toProblem } from './problem.ts'
import { questionOf, readRequest } from './readRequest.ts'
import type { ApiAnswer, ApiRequest, Route } from './route.ts'

/** What an HTTP function gives back. */
export type HttpOutput = { status: number; headers: Record<string, string>; body: string }

/** The app behind a request: `connect` opens its ports, `report` writes one line where there is no log yet. */
export type Opener = { invocationId: string; connect(): Promise<ApiPorts>; report(line: string): void }

/** Answers one request of a route; never throws. */
export function serve(route: Route, input: HttpInput, opener: Opener): Promise<HttpOutput> {
  return answering(input, opener, async (ports, requestId) => {
    const given = await readRequest(route, input, requestId)
    const request = { ...given, caller: ports.redact(given.caller), reason: ports.redact(given.reason) }
    const answer = await audited(ports, route, { input, request })
    return output(input, requestId, { ...answer, body: leaving(route, request, answer) })
  })
}

/** As {@link serve}, for what finds its own answer: everything that it throws becomes a problem. */
export async function answering(
  input: HttpInput,
  opener: Opener,
  answer: (ports: ApiPorts, requestId: string) => Promise<HttpOutput>,
): Promise<HttpOutput> {
  let requestId = requestIdOf(input, opener.invocationId)
  let ports: ApiPorts | undefined
  try {
    ports = await connected(opener)
    if (ports.redact(requestId) !== requestId) requestId = opener.invocationId
    return await answer(ports, requestId)
  } catch (thrown) {
    const problem = toProblem(thrown)
    if (problem.status >= 500) {
      const line = `Cannot answer ${input.method}: ${textOf(problem)}`
      if (ports === undefined) opener.report(line)
      else ports.log.error({ requestId, status: problem.status }, line)
    }
    const redact = ports?.redact ?? ((text: string) => text)
    return {
      status: problem.status,
      headers: {
        ...headersOf(requestId),
        ...problem.headers,
        'content-type': 'application/problem+json; charset=utf-8',
      },
      body: JSON.stringify(problemBody(problem, requestId, redact)),
    }
  }
}

async function connected(opener: Opener): Promise<ApiPorts> {
  try {
    return await opener.connect()
  } catch (cause) {
    const detail = 'Cannot answer: the app is not ready, for its settings or its storage; its log says which'
    throw new Problem(503, 'not-ready', detail, { cause, headers: { 'retry-after': '30' } })
  }
}

/** What leaves: the schema's fields with instants as text; a body that doesn't fit is a bug of ours. */
function leaving(route: Route, request: ApiRequest, { body }: ApiAnswer): unknown {
  const checked = route.answer.safeParse(withInstantsForReading(body))
  if (!checked.success) {
    const where = checked.error.issues.map(({ path }) => path.join('.')).join(', ')
    throw new Error(`the answer of ${route.name} does not fit its schema: ${where}`)
  }
  const answer = checked.data
  if (typeof answer !== 'object' || answer === null || !('continuation' in answer)) return answer
  const { continuation } = answer
  if (typeof continuation !== 'string') return answer
  const sealed = sealContinuation(questionOf(route, request.params, request.query), continuation)
  return { ...answer, continuation: sealed }
}

function output(
  input: HttpInput,
  requestId: string,
  answer: { status?: number; body: unknown; etag?: string | undefined },
): HttpOutput {
  const etag = answer.etag === undefined ? undefined : `"${Buffer.from(answer.etag).toString('base64url')}"`
  const headers = { ...headersOf(requestId), ...(etag !== undefined && { etag }) }
  if (etag !== undefined && input.method === 'GET' && isAmong(input.headers.get('if-none-match'), etag)) {
    return { status: 304, headers, body: '' }
  }
  return {
    status: answer.status ?? 200,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(answer.body),
  }
}

/** Whether `If-None-Match` names this ETag, compared weakly: proxies weaken it. Source: RFC 9110, 13.1.2. */
function isAmong(given: string | null, etag: string): boolean {
  const tags = (given ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(etag)
}

function headersOf(requestId: string): Record<string, string> {
  return { 'x-request-id': requestId, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
}

/** The caller's own where it is one that is safe to write down. */
function requestIdOf({ headers }: HttpInput, invocationId: string): string {
  const given = headers.get('x-request-id') ?? ''
  return /^[\w.:-]{1,128}$/.test(given) ? given : invocationId
}

/** The whole chain of causes, for the log. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${textOf(error.cause)}`
}
