import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

/** A running Azurite: its connection string and the process, which ends with SIGTERM. */
export type RunningAzurite = {
  connectionString: string
  blobUrl: string
  process: ChildProcess
  stop(): Promise<void>
}

/** Ports to listen on (0: any free one) and where the data lies (none: in memory, lost at the end). */
export type AzuriteOptions = {
  folder?: string
  blobPort?: number
  queuePort?: number
  tablePort?: number
  /** Called as soon as the process exists; it is then in a group of its own, so that a terminal's Ctrl-C does not reach it. */
  onSpawn?(child: ChildProcess): void
}

/** The well-known development account that every storage emulator has: public, not a secret. */
const account = 'devstoreaccount1'
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/** Starts Azurite as a child process and waits until its three services listen; throws what it printed if it ends first. */
export async function startAzurite(options: AzuriteOptions = {}): Promise<RunningAzurite> {
  const child = spawn(process.execPath, azuriteArguments(options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.onSpawn !== undefined,
  })
  options.onSpawn?.(child)
  const ports = await readPorts(child)
  const url = (service: string) => `http://127.0.0.1:${ports[service]}/${account}`
  return {
    connectionString:
      `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};` +
      `BlobEndpoint=${url('Blob')};QueueEndpoint=${url('Queue')};TableEndpoint=${url('Table')};`,
    blobUrl: `${url('Blob')}/`,
    process: child,
    stop: () => stopChild(child),
  }
}

/** When whoever started it is gone, what Azurite prints while it ends has no reader: that must not end it before it has saved. */
const unheard = "process.stdout.on('error', () => {}); process.stderr.on('error', () => {})"

function azuriteArguments(options: AzuriteOptions): string[] {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js')
  const place = options.folder === undefined ? ['--inMemoryPersistence'] : ['--location', options.folder]
  const ports = [options.blobPort ?? 0, options.queuePort ?? 0, options.tablePort ?? 0].map(String)
  return [
    ...['--import', `data:text/javascript,${encodeURIComponent(unheard)}`],
    main,
    ...place,
    ...['--silent', '--skipApiVersionCheck', '--disableTelemetry'],
    ...['--blobPort', ports[0] ?? '0', '--queuePort', ports[1] ?? '0', '--tablePort', ports[2] ?? '0'],
  ]
}

/** Azurite prints `Azurite Blob service is successfully listening at http://127.0.0.1:PORT` for each service. */
function readPorts(child: ChildProcess): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    const ports: Record<string, number> = {}
    let printed = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        printed += `${line}\n`
        const found = /Azurite (\w+) service is successfully listen\w* at http:\/\/[^:]+:(\d+)/.exec(line)
        if (found?.[1] !== undefined) ports[found[1]] = Number(found[2])
        if (Object.keys(ports).length === 3) resolve(ports)
      })
    }
    child.once('exit', (code) =>
      reject(new Error(`Cannot start Azurite: it ended with code ${code}: ${printed.trim()}`)),
    )
  })
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
