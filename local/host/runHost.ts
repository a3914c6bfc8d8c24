import { startBlobs } from './blob/startBlobs.ts'
import type { HostContext, Listening } from './context.ts'
import type { RunningHost } from './host.ts'
import { createHttpApp } from './http/httpApp.ts'
import { loadKeys } from './http/keys.ts'
import type { HostServer } from './http/listen.ts'
import { createInvoker, type Invoker } from './invocation/invoker.ts'
import { hostLog } from './log.ts'
import { startQueues } from './queue/startQueues.ts'
import { startTimers } from './timer/startTimers.ts'
import { readStatus } from './timer/timerStatus.ts'
import { type Supervisor, supervise } from './worker/supervisor.ts'
import type { FunctionWorker } from './worker/workerProcess.ts'

/** How the parts that run are started: the server that listens, the worker that has loaded the app, and how to start another. */
export type HostParts = {
  server: HostServer
  first: FunctionWorker
  start(): Promise<FunctionWorker>
  auth: boolean
}

const terminateMs = 5_000

/** Starts every listener of a host whose app is loaded, and answers how to stop it. */
export async function runHost(
  facts: Omit<HostContext, 'invoker' | 'wakers'>,
  parts: HostParts,
): Promise<RunningHost> {
  const { tuning, clock } = facts
  const stopping = new AbortController()
  const rules = { errorLimit: tuning.workerErrorLimit, errorWindowMs: tuning.workerErrorWindowMs }
  const log = hostLog(facts.sink, 'Host')
  const supervisor = supervise(parts.first, { start: parts.start, clock, log }, rules)
  const wakers: HostContext['wakers'] = new Map()
  const invoker = invokerOf(facts, { supervisor, wakers, signal: stopping.signal })
  const context: HostContext = { ...facts, invoker, wakers }
  const listeners = await startListeners(context, { ...parts, supervisor }, stopping.signal).catch(
    async (thrown: unknown) => {
      stopping.abort()
      await supervisor.stop(0)
      throw thrown
    },
  )
  const { promise: ended, resolve: end } = Promise.withResolvers<Error | undefined>()
  const stop = once(async (reason?: Error) => {
    stopping.abort()
    await drain(context, { listeners, server: parts.server })
    await supervisor.stop(terminateMs)
    end(reason)
  })
  void supervisor.failed.then((reason) => {
    log.error(reason.message)
    return stop(reason)
  })
  const workerPid = async () => (await supervisor.worker()).pid
  const functions = facts.functions.map(({ name }) => name)
  return { url: parts.server.url, hostId: facts.hostId, functions, workerPid, stop, ended }
}

async function startListeners(
  context: HostContext,
  { server, supervisor, auth }: { server: HostServer; supervisor: Supervisor; auth: boolean },
  signal: AbortSignal,
): Promise<Listening[]> {
  const { hostId, functions, stores, invoker, settings } = context
  const keys = auth ? await loadKeys(stores.secrets(), hostId, functions) : undefined
  const blobs = startBlobs(context, signal)
  const app = createHttpApp({
    hostId,
    functions,
    routePrefix: settings.routePrefix,
    keys,
    invoker,
    httpUri: async () => (await supervisor.worker()).httpUri,
    postBlobMessage: blobs.post,
    readTimerStatus: (id) => readStatus(stores.state(), hostId, id),
    log: hostLog(context.sink, 'Host.Http'),
  })
  const listeners = [...startQueues(context, signal), ...startTimers(context, signal), ...blobs.listeners]
  server.open(app)
  return listeners
}

function invokerOf(
  { stores, settings, clock, sink }: Omit<HostContext, 'invoker' | 'wakers'>,
  parts: { supervisor: Supervisor; wakers: HostContext['wakers']; signal: AbortSignal },
): Invoker {
  return createInvoker({
    supervisor: parts.supervisor,
    signal: parts.signal,
    timeoutMs: settings.functionTimeoutMs,
    random: Math.random,
    clock,
    sink,
    bindings: {
      queue: stores.queue,
      container: stores.container,
      sent: (queueName) => parts.wakers.get(queueName)?.(),
      now: clock.now,
      encoding: settings.queues.messageEncoding,
    },
  })
}

/** Nothing new is taken on; what runs has `drainMs`. Source: functions-host.md 2.6. */
async function drain(
  { invoker, clock, tuning, sink }: HostContext,
  { listeners, server }: { listeners: readonly Listening[]; server: HostServer },
): Promise<void> {
  const over = new AbortController()
  const closed = server.close(tuning.drainMs)
  const done = Promise.all([...listeners.map(({ ended }) => ended), invoker.idle(), closed]).then(() => true)
  const inTime = await Promise.race([done, clock.after(tuning.drainMs, over.signal).then(() => false)])
  over.abort()
  if (!inTime)
    hostLog(sink, 'Host').warn(`Invocations still run after ${tuning.drainMs / 1000} s: they are ended`)
}

function once(stop: (reason?: Error) => Promise<void>): (reason?: Error) => Promise<void> {
  let stopped: Promise<void> | undefined
  return (reason) => {
    stopped ??= stop(reason)
    return stopped
  }
}
