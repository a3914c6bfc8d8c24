import type { IncomingMessage, ServerResponse } from 'node:http'
import { type FunctionDefinition, functionId } from '../invocation/functionDefinition.ts'
import type { Invoker } from '../invocation/invoker.ts'
import { queueCall } from '../queue/queueTrigger.ts'
import { parseSchedule } from '../timer/schedule.ts'
import { timerData } from '../timer/timerListener.ts'
import type { TimerStatus } from '../timer/timerStatus.ts'
import { readBody, urlOf } from './httpRequest.ts'
import { writeJson, writeStatus } from './httpResponse.ts'
import { type HostKeys, isSame, keyOf } from './keys.ts'

/** What the administration of a host needs. */
export type AdminPorts = {
  hostId: string
  functions: readonly FunctionDefinition[]
  keys: HostKeys | undefined
  invoker: Invoker
  /** What a timer last kept of itself. */
  readTimerStatus(functionId: string): Promise<TimerStatus | undefined>
}

/**
 * Answers `GET /admin/host/status`, `GET /admin/functions` and `POST /admin/functions/NAME` with `{"input": TEXT}`, which runs
 * a timer or queue function now (202). With `keys` only for the master key.
 */
export async function answerAdmin(
  ports: AdminPorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = urlOf(request)
  const key = keyOf(request.headers, searchParams)
  if (ports.keys !== undefined && !(key !== undefined && isSame(ports.keys.master, key))) {
    return writeStatus(response, 401)
  }
  const names = ports.functions.map(({ name, trigger }) => ({ name, trigger: trigger.kind }))
  if (request.method === 'GET' && pathname === '/admin/host/status') {
    return writeJson(response, 200, { id: ports.hostId, state: 'Running', processUptime: process.uptime() })
  }
  if (request.method === 'GET' && pathname === '/admin/functions') return writeJson(response, 200, names)
  const name = /^\/admin\/functions\/([^/]+)$/.exec(pathname)?.[1]
  const definition = ports.functions.find((each) => each.name.toLowerCase() === name?.toLowerCase())
  if (request.method !== 'POST' || definition === undefined) return writeStatus(response, 404)
  return runByHand(ports, definition, request, response)
}

async function runByHand(
  ports: AdminPorts,
  definition: FunctionDefinition,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  if (body.kind === 'tooLarge') return writeStatus(response, 413)
  const call = await callByHand(ports, definition, inputOf(body.bytes.toString('utf8')))
  if (call === undefined) {
    return writeJson(response, 400, {
      message: `Cannot run ${definition.name} by hand: it is no timer or queue function`,
    })
  }
  void ports.invoker.invoke(definition, call)
  writeStatus(response, 202)
}

function inputOf(body: string): string {
  try {
    const { input = '' } = JSON.parse(body) as { input?: unknown }
    return typeof input === 'string' ? input : JSON.stringify(input)
  } catch {
    return ''
  }
}

async function callByHand(ports: AdminPorts, { name, trigger }: FunctionDefinition, input: string) {
  switch (trigger.kind) {
    case 'timer': {
      const schedule = parseSchedule(trigger.schedule)
      const isKept = trigger.useMonitor && schedule.keepsStatus
      const status = isKept ? await ports.readTimerStatus(functionId(name)) : undefined
      return { data: timerData(schedule, status, false), metadata: {} }
    }
    case 'queue':
      return queueCall(input, itemByHand)
    case 'blob':
    case 'http':
      return undefined
  }
}

const itemByHand = {
  id: '',
  popReceipt: '',
  text: '',
  dequeueCount: 1,
  insertedAtMs: 0,
  expiresAtMs: 0,
  nextVisibleAtMs: 0,
}
