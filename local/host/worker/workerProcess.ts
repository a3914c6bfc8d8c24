import { type ChildProcess, fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type LogLevel, type LogSink, logLevels } from '../log.ts'
import type {
  FromWorker,
  InvocationRequest,
  InvocationResponse,
  RegisteredFunction,
  RpcError,
  ToWorker,
} from './protocol.ts'

/** How an invocation ended; `lost`: the worker went away with it. */
export type WorkerAnswer =
  | { kind: 'returned'; response: InvocationResponse }
  | { kind: 'threw'; error: RpcError }
  | { kind: 'lost'; reason: string }

/** A worker that has loaded the app. */
export type FunctionWorker = {
  pid: number
  functions: RegisteredFunction[]
  httpUri: string | undefined
  invoke(request: InvocationRequest): Promise<WorkerAnswer>
  /** Asks it to end; kills it after `graceMs`. */
  terminate(graceMs: number): Promise<void>
  kill(): void
  /** How it ended; settles after every invocation it held is answered as lost. */
  exited: Promise<string>
}

/** What a worker process is started with. */
export type WorkerOptions = { root: string; environment: NodeJS.ProcessEnv; startMs: number; sink: LogSink }

const entry = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Starts a worker and waits until it has loaded the app. Throws the app's own error, or that it took too long. */
export async function startWorker(options: WorkerOptions): Promise<FunctionWorker> {
  const child = spawnWorker(options)
  const pending = new Map<string, (answer: WorkerAnswer) => void>()
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      const reason =
        signal === null ? `the worker ended with code ${code}` : `the worker was ended by ${signal}`
      for (const answer of pending.values()) answer({ kind: 'lost', reason })
      pending.clear()
      resolve(reason)
    })
  })
  const loaded = waitForLoad(child, exited, options.startMs)
  child.on('message', (message: FromWorker) => receive(message, pending, options.sink))
  send(child, { kind: 'load', root: options.root })
  const { functions, httpUri } = await loaded
  return {
    pid: child.pid ?? 0,
    functions,
    httpUri,
    exited,
    kill: () => void child.kill('SIGKILL'),
    invoke: (request) => invoke(child, pending, request),
    terminate: (graceMs) => terminate(child, exited, graceMs),
  }
}

function spawnWorker({ root, environment, sink }: WorkerOptions): ChildProcess {
  const extra = environment.languageWorkers__node__arguments ?? ''
  const child = fork(entry, [], {
    cwd: root,
    env: environment,
    serialization: 'advanced',
    execArgv: [
      '--enable-source-maps',
      '--disable-warning=ExperimentalWarning',
      ...extra.split(/\s+/).filter(Boolean),
    ],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  forward(child.stdout, 'information', sink)
  forward(child.stderr, 'error', sink)
  return child
}

/** What the app prints itself (`console.log`) becomes lines of the host. */
function forward(stream: Readable | null, level: LogLevel, sink: LogSink): void {
  if (stream === null) return
  createInterface({ input: stream }).on('line', (message) =>
    sink({ level, category: 'Host.Function.Console', message }),
  )
}

function send(child: ChildProcess, message: ToWorker): void {
  // A worker that is gone is noticed by its exit: what it held is answered as lost there.
  child.send(message, () => {})
}

type Loaded = Extract<FromWorker, { kind: 'loaded' }>

function waitForLoad(child: ChildProcess, exited: Promise<string>, startMs: number): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`Cannot load the app: it took more than ${startMs / 1000} s`))
    }, startMs)
    void exited.then((reason) =>
      reject(new Error(`Cannot load the app: ${reason} before the app was loaded`)),
    )
    child.on('message', (message: FromWorker) => {
      if (message.kind !== 'loaded' && message.kind !== 'loadFailed') return
      clearTimeout(timeout)
      if (message.kind === 'loaded') return resolve(message)
      child.kill('SIGKILL')
      reject(new Error(`Cannot load the app: ${message.error.stack ?? message.error.message}`))
    })
    child.once('exit', () => clearTimeout(timeout))
  })
}

type Pending = Map<string, (answer: WorkerAnswer) => void>

function receive(message: FromWorker, pending: Pending, sink: LogSink): void {
  switch (message.kind) {
    case 'loaded':
    case 'loadFailed':
      return
    case 'returned':
    case 'threw': {
      pending.get(message.invocationId)?.(message)
      pending.delete(message.invocationId)
      return
    }
    case 'log':
      sink(logEntry(message))
      return
  }
}

function logEntry(message: Extract<FromWorker, { kind: 'log' }>): Parameters<LogSink>[0] {
  const { functionName, invocationId } = message
  const origin = functionName === undefined ? 'Worker' : `Function.${functionName}`
  const category = message.category === 'user' ? `${origin}.User` : origin
  const level = logLevels.find((known) => known === message.level) ?? 'information'
  return { level, category, message: message.message, functionName, invocationId }
}

function invoke(child: ChildProcess, pending: Pending, request: InvocationRequest): Promise<WorkerAnswer> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ kind: 'lost', reason: 'the worker has ended' })
  }
  return new Promise((resolve) => {
    pending.set(request.invocationId, resolve)
    send(child, { kind: 'invoke', request })
  })
}

async function terminate(child: ChildProcess, exited: Promise<string>, graceMs: number): Promise<void> {
  const timeout = setTimeout(() => child.kill('SIGKILL'), graceMs)
  send(child, { kind: 'terminate' })
  await exited
  clearTimeout(timeout)
}
