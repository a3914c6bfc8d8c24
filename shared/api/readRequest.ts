import type { z } from 'zod'
import { openContinuation } from './continuation.ts'
import type { HttpInput } from './httpInput.ts'
import { type FieldProblem, Problem } from './problem.ts'
import { readBody } from './readBody.ts'
import type { ApiRequest, Route } from './route.ts'

const longestReason = 1_000
const longestCaller = 200

/** Reads and checks all of a request; throws Problem 400, 411, 413 or 415 with everything that is wrong at once. */
export async function readRequest(route: Route, input: HttpInput, requestId: string): Promise<ApiRequest> {
  const given = await readBody(input, route.file)
  const { reason, rest } = takeReason(route, input, given)
  const errors: FieldProblem[] = []
  const params = check(errors, 'path', route.params?.strict(), { ...input.params })
  const query = check(errors, 'query', route.query?.strict(), queryOf(input, errors))
  const body = check(errors, 'body', route.body, rest)
  if (errors.length > 0) throw wrongRequest(route, errors)
  if (route.audited !== undefined && reason === '') throw noReason(route)
  return {
    params: fieldsOf(params),
    query: openPage(route, fieldsOf(params), fieldsOf(query)),
    body,
    caller: callerOf(input),
    reason,
    requestId,
    ifMatch: ifMatchOf(route, input),
  }
}

/** What one list is asked for: a continuation is good for the same. Pure. */
export function questionOf(route: Route, params: object, query: object): string {
  const { limit: _limit, continuation: _continuation, ...filters } = query as Record<string, unknown>
  return JSON.stringify([route.name, params, filters])
}

type Values = Record<string, unknown>

function fieldsOf(value: unknown): Values {
  return (value ?? {}) as Values
}

function openPage(route: Route, params: Values, query: Values): Values {
  const { continuation } = query
  if (typeof continuation !== 'string') return query
  return { ...query, continuation: openContinuation(questionOf(route, params, query), continuation) }
}

/** Without a schema nothing may be given. Collects what is wrong, each with its path. */
function check(errors: FieldProblem[], part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) {
    if (part !== 'path') errors.push(...nothingBut(part, value))
    return undefined
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  errors.push(...checked.error.issues.flatMap((issue) => problemsOf(part, issue, schema)))
  return undefined
}

/** What is given though nothing is taken. */
function nothingBut(part: string, value: unknown): FieldProblem[] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path: part, message: 'there is none of it here: an object with a reason at most' }]
  return Object.keys(value).map((name) => unknownField(part, name, []))
}

function problemsOf(part: string, issue: z.core.$ZodIssue, schema: z.ZodType): FieldProblem[] {
  const path = [part, ...issue.path.map(String)].join('.')
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
  const shape = issue.path.length === 0 && 'shape' in schema ? Object.keys(schema.shape as object) : []
  return issue.keys.map((name) => unknownField(path, name, shape))
}

function unknownField(part: string, name: string, known: readonly string[]): FieldProblem {
  const there = known.length === 0 ? '' : `; there are ${known.join(', ')}`
  return { path: `${part}.${name}`, message: `unknown${there}` }
}

/**
 * Each parameter once; `code` is the host's own (a function key, better in a header). Read from the address, since the host
 * hands on one value of each name, the last.
 */
function queryOf({ url }: HttpInput, errors: FieldProblem[]): Values {
  const given = [...new URL(url).searchParams].filter(([name]) => name !== 'code')
  const names = given.map(([name]) => name)
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  errors.push(...[...twice].map((name) => ({ path: `query.${name}`, message: 'given twice' })))
  return Object.fromEntries(given)
}

/** A write's reason: the header, or the field `reason` of its body, which the route's own schema does not see. */
function takeReason(route: Route, input: HttpInput, body: unknown): { reason: string; rest: unknown } {
  if (route.audited === undefined) return { reason: '', rest: body }
  const isObject = isFields(body)
  const { reason: field, ...fields } = isObject ? body : {}
  const rest = isObject ? fields : body
  const text = headerText(input, 'x-retrain-reason') || (typeof field === 'string' ? oneLine(field) : '')
  if (text.length > longestReason) {
    throw new Problem(
      400,
      'long-reason',
      `${cannot(route)}: its reason is longer than ${longestReason} characters`,
    )
  }
  const isEmpty = isObject && Object.keys(fields).length === 0 && route.body === undefined
  return { reason: text, rest: isEmpty ? undefined : rest }
}

function isFields(body: unknown): body is Values {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && !(body instanceof Uint8Array)
}

function callerOf(input: HttpInput): string {
  const name = headerText(input, 'x-ms-client-principal-name') || headerText(input, 'x-retrain-caller')
  return name.slice(0, longestCaller) || 'unnamed'
}

/** A condition that would be left out of account is refused. */
function ifMatchOf(route: Route, { headers }: HttpInput): string | undefined {
  const given = headers.get('if-match')?.trim()
  if (given === undefined || given === '' || route.method === 'GET') return undefined
  if (route.matches !== true) {
    throw new Problem(400, 'no-if-match', `${cannot(route)}: it can't be done under the condition If-Match`)
  }
  if (given === '*') return given
  return Buffer.from(given.replace(/^W\//, '').replaceAll('"', ''), 'base64url').toString('utf8')
}

/** Callers percent-encode what a header can't hold. */
function headerText({ headers }: HttpInput, name: string): string {
  const text = headers.get(name) ?? ''
  try {
    return oneLine(decodeURIComponent(text))
  } catch {
    return oneLine(text)
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}

function cannot(route: Route): string {
  return `Cannot ${route.audited ?? `answer ${route.method} /api/${route.path}`}`
}

function noReason(route: Route): Problem {
  const elsewhere = route.file === undefined ? " or the body's field reason" : ''
  const detail = `${cannot(route)}: it needs a reason, in the header x-retrain-reason${elsewhere}`
  return new Problem(400, 'no-reason', detail)
}

function wrongRequest(route: Route, errors: readonly FieldProblem[]): Problem {
  const list = errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return new Problem(400, 'wrong-request', `${cannot(route)}: ${list}`, { errors })
}
