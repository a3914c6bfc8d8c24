import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdmit } from './admit.ts'
import { assemble } from './assemble.ts'
import { type Description, describe } from './describe.ts'
import { startHousekeeping } from './housekeeping.ts'
import { createHttpServer } from './http/server.ts'
import { type CompleteOptions, type EmulatorOptions, withDefaults } from './options.ts'
import { openOwnStorage } from './ownStorage.ts'
import { lockFolder } from './state/folderLock.ts'
import { openWorkspaces } from './workspaces.ts'

/** A started emulator. */
export type RunningEmulator = {
  url: string
  /** What it serves now, with tokens and keys. */
  describe(): Description
  /** Moves the clock that jobs and PATCH delays go by. */
  forwardClock(seconds: number): void
  /** Ends everything it started; running jobs run again at the next start on the same data folder. */
  close(): Promise<void>
}

const maxBodyBytes = 64 * 1024 * 1024

/**
 * Starts ML Studio (classic) web services on this machine, in this process: opens the state, publishes the experiments,
 * takes up interrupted jobs, listens. Throws when the folder is taken, an experiment is wrong or the port is in use.
 */
export async function startEmulator(given: EmulatorOptions): Promise<RunningEmulator> {
  const options = withDefaults(given)
  if (options.admin && !isLoopback(options.host)) {
    throw new Error(`Cannot start emulator on ${options.host}: /admin answers on loopback only`)
  }
  const closers: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    await mkdir(options.dataFolder, { recursive: true })
    closers.push(await lockFolder(options.dataFolder))
    const storage = options.storage ?? (await openOwnStorage(options.dataFolder, closers))
    const { emulator, pool } = await assemble(options, storage, closers)
    closers.push(await openWorkspaces(emulator, pool, options))
    const url = { current: '' }
    const server = createHttpServer({
      admit: createAdmit(emulator),
      maxBodyBytes,
      ownUrl: () => url.current,
      onUnexpected: (error, request) =>
        options.report(`Cannot answer ${request.method} /${request.segments.join('/')}: ${stackOf(error)}`),
    })
    url.current = await listen(server, options)
    closers.push(() => closeServer(server))
    emulator.runner.resume()
    closers.push(startHousekeeping(emulator, options.report))
    return {
      url: url.current,
      describe: () => describe(emulator, url.current, storage),
      forwardClock: (seconds) => emulator.clock.forward(seconds * 1000),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function listen(server: Server, { port, host }: CompleteOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? `port ${port} is in use` : error.message
      reject(new Error(`Cannot start emulator: ${reason}`, { cause: error }))
    })
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
      resolve(`http://${name === '0.0.0.0' ? '127.0.0.1' : name}:${address.port}`)
    })
  })
}

/** Stops listening; requests under way get two seconds. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const last = setTimeout(() => server.closeAllConnections(), 2_000)
    server.close(() => {
      clearTimeout(last)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
