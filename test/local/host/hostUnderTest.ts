import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer as createPort } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { inject, onTestFinished, vi } from 'vitest'
import { startHost } from '../../../local/host/host.ts'
import type { LogEntry } from '../../../local/host/log.ts'
import { patience } from '../../setup/patience.ts'
import { unique } from './storage.ts'

/** The app of the conformance tests. */
export const appRoot = join(import.meta.dirname, 'app')

/** Which host the tests are pointed at: the built-in one, or Azure Functions Core Tools. */
export const hostKind = process.env.CONFORMANCE_HOST === 'func' ? 'func' : 'builtIn'

/** A host that a test started; it is stopped when the test is over. */
export type HostUnderTest = {
  url: string
  hostId: string
  logs: LogEntry[]
  /** Ends it as Ctrl-C or a SIGTERM does, and waits. */
  stop(): Promise<void>
  /** The process of its own that it runs in, where `ownProcess` asked for one. */
  child: ChildProcess | undefined
  workerPid(): Promise<number>
}

/** How a host is started: which functions of the app, its settings, whether in a process of its own. */
export type HostChoice = {
  functions: string[]
  environment?: Record<string, string>
  hostId?: string
  auth?: boolean
  ownProcess?: boolean
  root?: string
}

/** Short intervals, so that tests needn't wait: where the host under test knows them. */
const quick = {
  LOCAL_HOST_BLOB_SCAN_MS: '50',
  LOCAL_HOST_LOCK_RETRY_MS: '100',
  AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:00.100',
}

/** Starts the host that the tests are pointed at, with the app and the shared storage. */
export function startHostUnderTest(choice: HostChoice): Promise<HostUnderTest> {
  const hostId = choice.hostId ?? unique('host')
  const environment = {
    ...quick,
    AzureWebJobsStorage: inject('storage'),
    AzureFunctionsWebHost__hostid: hostId,
    FUNCTIONS: choice.functions.join(','),
    ...choice.environment,
  }
  if (hostKind === 'func') return startFunc(choice, hostId, environment)
  return choice.ownProcess === true
    ? startProcess(choice, hostId, environment)
    : startInside(choice, hostId, environment)
}

async function startInside(choice: HostChoice, hostId: string, environment: Record<string, string>) {
  const logs: LogEntry[] = []
  const { PATH } = process.env
  const host = await startHost({
    root: choice.root ?? appRoot,
    auth: choice.auth === true,
    environment: { PATH, ...environment },
    log: (entry) => logs.push(entry),
  })
  onTestFinished(() => host.stop())
  return { url: host.url, hostId, logs, stop: host.stop, child: undefined, workerPid: host.workerPid }
}

async function startProcess(choice: HostChoice, hostId: string, environment: Record<string, string>) {
  const main = join(import.meta.dirname, '../../../local/host/main.ts')
  const args = [
    main,
    '--root',
    choice.root ?? appRoot,
    '--port',
    '0',
    '--json',
    ...(choice.auth ? ['--auth'] : []),
  ]
  const { PATH } = process.env
  const child = spawn(process.execPath, args, {
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const logs = collect(child)
  const ending = ended(child)
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'close').then(() => Promise.reject(new Error(logs.map(({ message }) => message).join('\n')))),
  ])
  return { ...ending, url: JSON.parse(line).url as string, hostId, logs, workerPid: noPid }
}

async function startFunc(choice: HostChoice, hostId: string, environment: Record<string, string>) {
  const port = await freePort()
  const args = ['start', '--port', String(port), ...(choice.auth ? ['--enableAuth'] : [])]
  const child = spawn(process.env.CONFORMANCE_FUNC ?? 'func', args, {
    cwd: choice.root ?? appRoot,
    env: { ...process.env, FUNCTIONS_WORKER_RUNTIME: 'node', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const logs = collect(child)
  const ending = ended(child)
  const url = `http://127.0.0.1:${port}`
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(logs.map(({ message }) => message).join('\n'))
      const { state } = (await (await fetch(`${url}/admin/host/status`)).json()) as { state: string }
      if (state !== 'Running') throw new Error(`the host is ${state}`)
    },
    { ...patience, interval: 500 },
  )
  return { ...ending, url, hostId, logs, workerPid: noPid }
}

function collect(child: ChildProcess): LogEntry[] {
  const logs: LogEntry[] = []
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (message) =>
      logs.push({ level: 'information', category: 'stderr', message }),
    )
  }
  return logs
}

function ended(child: ChildProcess) {
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  onTestFinished(stop)
  return { child, stop }
}

function noPid(): Promise<number> {
  return Promise.reject(new Error('Cannot know the worker of a host in a process of its own'))
}

async function freePort(): Promise<number> {
  const server = createPort().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
