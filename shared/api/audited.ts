import type { ApiPorts } from './apiPorts.ts'
import type { HttpInput } from './httpInput.ts'
import { toProblem } from './problem.ts'
import type { ApiAnswer, ApiRequest, Route } from './route.ts'

/**
 * Calls a route's handler; a write leaves an entry in the audit log first, as `begun`, and what became of it afterwards. A
 * write whose entry can't be written does not happen.
 */
export async function audited(
  ports: ApiPorts,
  route: Route,
  { input, request }: { input: HttpInput; request: ApiRequest },
): Promise<ApiAnswer> {
  if (route.audited === undefined) return route.handle(ports, request)
  const { caller: by, reason, requestId } = request
  const target = targetOf(input)
  const entry = { what: route.audited, target, by, reason, requestId, beganAtMs: ports.now() }
  const id = await ports.beginAudit(entry)
  ports.log.info({ requestId, target }, `asked to ${route.audited} by ${by}: ${reason}`)
  try {
    const answer = await route.handle(ports, request)
    await complete(ports, id, { outcome: 'done', status: answer.status ?? 200 })
    return answer
  } catch (thrown) {
    const { status, message } = toProblem(thrown)
    await complete(ports, id, { outcome: status < 500 ? 'refused' : 'failed', status, detail: message })
    throw thrown
  }
}

/** The effect has happened or not: that its entry stays `begun` must not change the answer. */
async function complete(
  ports: ApiPorts,
  id: string,
  end: { outcome: 'done' | 'refused' | 'failed'; status: number; detail?: string },
): Promise<void> {
  try {
    await ports.endAudit(id, { ...end, endedAtMs: ports.now() })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    ports.log.warn({ status: end.status }, `an audit entry stays open though the call ended: ${reason}`)
  }
}

/** The path below `/api`, without a query. */
function targetOf({ url }: HttpInput): string {
  const { pathname } = new URL(url)
  return pathname.replace(/^\/api\//, '').slice(0, 1_000)
}
