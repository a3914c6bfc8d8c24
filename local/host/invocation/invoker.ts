import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { hostLog, type LogSink, reasonOf } from '../log.ts'
import type { InvocationRequest, InvocationResponse, RpcData } from '../worker/protocol.ts'
import type { Supervisor } from '../worker/supervisor.ts'
import { expressionValues } from './expressions.ts'
import type { FunctionDefinition } from './functionDefinition.ts'
import { retryDelayMs } from './retryDelay.ts'
import { type BindingPorts, readInputs, writeOutputs } from './storageBindings.ts'

/** What a trigger hands to its function. */
export type TriggerCall = {
  data: RpcData
  metadata: Record<string, RpcData>
  invocationId?: string
  /** W3C trace parent of the caller; a new one is made where there is none. */
  traceParent?: string | undefined
}

/** How an invocation ended, after all retries of the function's policy. */
export type InvocationOutcome =
  | { kind: 'succeeded'; response: InvocationResponse }
  | { kind: 'failed'; message: string }

/** Runs functions. `idle` settles when none runs (at once when none does). */
export type Invoker = {
  invoke(definition: FunctionDefinition, call: TriggerCall): Promise<InvocationOutcome>
  idle(): Promise<void>
}

/** What running a function needs. */
export type InvokerPorts = {
  supervisor: Supervisor
  bindings: BindingPorts
  clock: Clock
  random(): number
  sink: LogSink
  timeoutMs: number | undefined
  /** A retry that waits ends here as failed. */
  signal: AbortSignal
}

/** Creates what runs functions in the worker, with their bindings, retry policy and time limit. */
export function createInvoker(ports: InvokerPorts): Invoker {
  const running = new Set<Promise<InvocationOutcome>>()
  return {
    idle: async () => {
      while (running.size > 0) await Promise.all(running)
    },
    invoke: (definition, call) => {
      const outcome: Promise<InvocationOutcome> = invokeWithRetries(ports, definition, call).finally(() =>
        running.delete(outcome),
      )
      running.add(outcome)
      return outcome
    },
  }
}

async function invokeWithRetries(
  ports: InvokerPorts,
  definition: FunctionDefinition,
  call: TriggerCall,
): Promise<InvocationOutcome> {
  let request = newRequest(definition, call)
  const maxRetryCount = definition.retry?.maxRetryCount ?? 0
  for (let retryCount = 0; ; retryCount++) {
    if (definition.retry !== undefined) request = { ...request, retryContext: { retryCount, maxRetryCount } }
    const outcome = await invokeOnce(ports, definition, request)
    if (outcome.kind === 'succeeded') return outcome
    const delayMs = retryDelayMs(definition.retry, retryCount + 1, ports.random())
    if (delayMs === undefined) return outcome
    await ports.clock.after(delayMs, ports.signal)
    if (ports.signal.aborted) return outcome
  }
}

function newRequest(definition: FunctionDefinition, call: TriggerCall): InvocationRequest {
  return {
    invocationId: call.invocationId ?? randomUUID(),
    functionName: definition.name,
    inputData: [{ name: definition.triggerName, data: call.data }],
    triggerMetadata: call.metadata,
    traceContext: {
      traceParent:
        call.traceParent ?? `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
      traceState: '',
    },
  }
}

/** One attempt: a throw of the function, a lost worker, the time limit and a failed output are all failures. */
async function invokeOnce(
  ports: InvokerPorts,
  definition: FunctionDefinition,
  request: InvocationRequest,
): Promise<InvocationOutcome> {
  const log = hostLog(ports.sink, `Function.${definition.name}`, definition.name)
  const startedAtMs = ports.clock.now()
  const end = (outcome: string) =>
    `${outcome} (${request.invocationId}, ${ports.clock.now() - startedAtMs} ms)`
  log.debug(`Executing (${request.invocationId})`)
  try {
    const values = expressionValues(request.triggerMetadata)
    const inputs = await readInputs(ports.bindings, definition.inputs, values)
    const response = await runInWorker(ports, { ...request, inputData: [...request.inputData, ...inputs] })
    await writeOutputs(ports.bindings, definition, response, values)
    log.debug(end('Executed, succeeded'))
    return { kind: 'succeeded', response }
  } catch (thrown) {
    log.error(
      `${end('Executed, failed')}: ${thrown instanceof FunctionFailure ? thrown.details : reasonOf(thrown)}`,
    )
    return { kind: 'failed', message: reasonOf(thrown) }
  }
}

/** What the function threw in its own process: `details` is its stack where it has one. */
class FunctionFailure extends Error {
  readonly details: string
  constructor(message: string, details: string) {
    super(message)
    this.details = details
  }
}

async function runInWorker(ports: InvokerPorts, request: InvocationRequest): Promise<InvocationResponse> {
  const worker = await ports.supervisor.worker()
  const over = new AbortController()
  const answer = await Promise.race([worker.invoke(request), timeLimit(ports, over.signal)])
  over.abort()
  switch (answer.kind) {
    case 'returned':
      return answer.response
    case 'threw':
      throw new FunctionFailure(answer.error.message, answer.error.stack ?? answer.error.message)
    case 'lost':
      throw new Error(answer.reason)
    case 'timedOut':
      ports.supervisor.restart(`${request.functionName} ran longer than functionTimeout`)
      throw new Error(`it ran longer than functionTimeout, ${(ports.timeoutMs ?? 0) / 1000} s`)
  }
}

async function timeLimit(ports: InvokerPorts, signal: AbortSignal): Promise<{ kind: 'timedOut' }> {
  const { timeoutMs } = ports
  if (timeoutMs === undefined) return new Promise(() => {})
  await ports.clock.after(timeoutMs, signal)
  return { kind: 'timedOut' }
}
