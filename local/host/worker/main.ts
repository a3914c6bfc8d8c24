import { Module } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type CoreLog, createCore } from './core.ts'
import { findEntryPoints } from './entryPoint.ts'
import type { FromWorker, InvocationRequest, RpcError, ToWorker } from './protocol.ts'
import { runHooks, runInvocation } from './runInvocation.ts'

/** The worker: a process of its own that loads the app and runs its functions. It lives no longer than its host. */
const send = (message: FromWorker) => {
  if (process.connected) process.send?.(message)
}
process.on('disconnect', () => process.exit(1))
// Ctrl-C reaches the whole group of processes: the host decides when its worker ends.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})

const log: CoreLog = (level, category, message, invocation) => {
  const entry = { level, category, message }
  for (const hook of core.hooks('log')) hook(entry)
  const { functionName, invocationId } = invocation ?? {}
  send({ kind: 'log', ...entry, functionName, invocationId })
}
const core = createCore(log)
const hookData = { app: {} }
provideCore(core.module)

process.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'load':
      return void load(message.root)
    case 'invoke':
      return void invoke(message.request)
    case 'terminate':
      return void terminate()
  }
})

/** The library finds its core through `require` only: no package of that name exists. */
function provideCore(module: Record<string, unknown>): void {
  const prototype = Module.prototype as unknown as { require(this: unknown, id: string): unknown }
  const original = prototype.require
  prototype.require = function require(this: unknown, id: string): unknown {
    return id === '@azure/functions-core' ? module : original.call(this, id)
  }
}

async function load(root: string): Promise<void> {
  try {
    for (const file of await findEntryPoints(root)) await import(pathToFileURL(file).href)
    await runHooks(core, 'appStart', { hookData: {}, appHookData: hookData.app, functionAppDirectory: root })
    const capabilities = await core.model()?.getCapabilities?.({})
    core.lock()
    const functions = [...core.functions.values()].map(({ metadata }) => metadata)
    send({ kind: 'loaded', functions, httpUri: capabilities?.HttpUri })
  } catch (thrown) {
    send({ kind: 'loadFailed', error: errorOf(thrown) })
  }
}

async function invoke(request: InvocationRequest): Promise<void> {
  const { invocationId } = request
  try {
    const response = await runInvocation(core, request, log, hookData)
    send({ kind: 'returned', invocationId, response })
  } catch (thrown) {
    send({ kind: 'threw', invocationId, error: errorOf(thrown) })
  }
}

async function terminate(): Promise<void> {
  try {
    await runHooks(core, 'appTerminate', { hookData: {}, appHookData: hookData.app })
  } catch (thrown) {
    log('error', 'system', `appTerminate hook threw: ${errorOf(thrown).message}`)
  }
  process.exit(0)
}

function errorOf(thrown: unknown): RpcError {
  return thrown instanceof Error
    ? { message: thrown.message, stack: thrown.stack }
    : { message: String(thrown) }
}
