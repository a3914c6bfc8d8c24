import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { systemClock } from './clock.ts'
import { type HostServer, listen } from './http/listen.ts'
import { indexFunctions } from './invocation/indexFunctions.ts'
import { hostLog, type LogSink, passesFilter } from './log.ts'
import { runHost } from './runHost.ts'
import { hostIdOf, loadEnvironment } from './settings/environment.ts'
import { parseHostSettings } from './settings/hostSettings.ts'
import { readTuning } from './settings/tuning.ts'
import { storesOf } from './storage/stores.ts'
import { startWorker } from './worker/workerProcess.ts'

/** What a host is started with. */
export type HostOptions = {
  /** The folder with host.json, package.json (its `main` is the bundle) and perhaps local.settings.json. */
  root: string
  /** 0 (or none): any free port. */
  port?: number
  /** Whether HTTP functions ask for their keys; without it every request is an administrator's, as with `func start`. */
  auth?: boolean
  /** Settings of the app and of the host (`AzureWebJobsStorage`, `LOCAL_HOST_...`); they win over local.settings.json. */
  environment: NodeJS.ProcessEnv
  /** Takes the lines that host.json lets through. */
  log: LogSink
}

/** A host that runs. */
export type RunningHost = {
  url: string
  hostId: string
  /** Names of the functions that run, in order. */
  functions: string[]
  workerPid(): Promise<number>
  /** Stops listening, waits for invocations (10 s at most), ends the worker. Safe to call again. */
  stop(): Promise<void>
  /** Settles when the host has ended: with the reason when it gave up by itself. */
  ended: Promise<Error | undefined>
}

/**
 * Starts a Functions host for the app in `root`: loads it in a worker process, then listens to what starts its functions.
 * Throws when something is wrong with the settings, the app, a function or the port; nothing is left running then.
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const root = resolve(options.root)
  const environment = await loadEnvironment(root, options.environment)
  const cores = availableParallelism()
  const settings = parseHostSettings(await readHostJson(root), { environment, cores })
  const tuning = readTuning(environment)
  const hostId = hostIdOf(root, environment)
  const sink: LogSink = (entry) => passesFilter(settings.logFilter, entry) && options.log(entry)
  const server = await listen(options.port ?? 0)
  const workerEnvironment = { ...environment, WEBSITE_HOSTNAME: server.address }
  const start = () =>
    startWorker({ root, environment: workerEnvironment, startMs: tuning.workerStartMs, sink })
  return closingOnFailure(server, async () => {
    const first = await start()
    try {
      const functions = indexFunctions(first.functions, { environment, ...settings })
      hostLog(sink, 'Host').info(`Functions: ${functions.map(({ name }) => name).join(', ')}`)
      const stores = storesOf(environment)
      const facts = { hostId, functions, settings, tuning, stores, sink, clock: systemClock }
      return await runHost(facts, { server, first, start, auth: options.auth === true })
    } catch (thrown) {
      first.kill()
      throw thrown
    }
  })
}

async function closingOnFailure<Answer>(server: HostServer, start: () => Promise<Answer>): Promise<Answer> {
  try {
    return await start()
  } catch (thrown) {
    await server.close(0)
    throw thrown
  }
}

async function readHostJson(root: string): Promise<string> {
  try {
    return await readFile(join(root, 'host.json'), 'utf8')
  } catch (cause) {
    throw new Error(`Cannot start the host: ${root} has no host.json that can be read`, { cause })
  }
}
