import { type LogFilter, type LogLevel, logLevels } from '../log.ts'
import { type FlatSettings, flatten, withOverrides } from './flatten.ts'
import { readSettings, type SettingsReader } from './reader.ts'

/** How queue triggers fetch, retry and give up. */
export type QueueSettings = {
  batchSize: number
  newBatchThreshold: number
  maxPollingMs: number
  /** How long a message hides after a failed attempt; the processing lease is another thing. */
  visibilityMs: number
  maxDequeueCount: number
  messageEncoding: 'base64' | 'none'
}

/** What host.json says, with the host's defaults. */
export type HostSettings = {
  /** `undefined`: no limit. */
  functionTimeoutMs: number | undefined
  routePrefix: string
  queues: QueueSettings
  blobs: { maxDegreeOfParallelism: number; poisonBlobThreshold: number }
  /** The lease of a timer's or scan's lock; the service takes 15 to 60 seconds. */
  listenerLockMs: number
  /** host.json `functions`: only these are indexed, where given. */
  functionNames: readonly string[] | undefined
  hasExtensionBundle: boolean
  logFilter: LogFilter
}

/** Where the defaults depend on the machine. */
export type Surroundings = { environment: NodeJS.ProcessEnv; cores: number }

/**
 * Reads host.json with the overrides of the environment (`AzureFunctionsJobHost__a__b`). Throws one Error that names every
 * bad setting. Source: the host's own options (functions-host.md 2.1, 2.2, 2.8).
 */
export function parseHostSettings(text: string, surroundings: Surroundings): HostSettings {
  const settings = withOverrides(flatten(parseJson(text)), surroundings.environment)
  const reader = readSettings(settings)
  if (settings.get('version') !== '2.0') {
    reader.problems.push(`version must be "2.0", not "${settings.get('version') ?? ''}"`)
  }
  const parsed: HostSettings = {
    functionTimeoutMs: readTimeout(reader),
    routePrefix: reader.text('extensions.http.routePrefix', 'api').replace(/^\/+|\/+$/g, ''),
    queues: readQueues(reader, surroundings),
    blobs: {
      maxDegreeOfParallelism: reader.whole(
        'extensions.blobs.maxDegreeOfParallelism',
        8 * surroundings.cores,
        1,
      ),
      poisonBlobThreshold: reader.whole('extensions.blobs.poisonBlobThreshold', 5, 1),
    },
    listenerLockMs: reader.milliseconds('singleton.listenerLockPeriod', 60_000, 15_000, 60_000),
    functionNames: readNames(settings),
    hasExtensionBundle: settings.has('extensionbundle:id'),
    logFilter: readLogFilter(settings, reader),
  }
  if (reader.problems.length > 0) throw new Error(`Cannot read host.json: ${reader.problems.join('; ')}`)
  return parsed
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error('Cannot read host.json: it is no JSON', { cause })
  }
}

function readTimeout(reader: SettingsReader): number | undefined {
  if (reader.text('functionTimeout', '00:30:00') === '-1') return undefined
  return reader.milliseconds('functionTimeout', 30 * 60_000, 1_000)
}

function readQueues(reader: SettingsReader, { environment, cores }: Surroundings): QueueSettings {
  const isDevelopment = environment.AZURE_FUNCTIONS_ENVIRONMENT === 'Development'
  const batchSize = reader.whole('extensions.queues.batchSize', 16, 1, 32)
  const threshold = Math.floor(batchSize / 2) * cores
  return {
    batchSize,
    newBatchThreshold: reader.whole('extensions.queues.newBatchThreshold', threshold, 0),
    maxPollingMs: reader.milliseconds(
      'extensions.queues.maxPollingInterval',
      isDevelopment ? 2_000 : 60_000,
      100,
    ),
    visibilityMs: reader.milliseconds('extensions.queues.visibilityTimeout', 0, 0, 7 * 24 * 3_600_000),
    maxDequeueCount: reader.whole('extensions.queues.maxDequeueCount', 5, 1),
    messageEncoding: reader.oneOf('extensions.queues.messageEncoding', ['base64', 'none'], 'base64'),
  }
}

function readNames(settings: FlatSettings): string[] | undefined {
  const names = [...settings].filter(([path]) => /^functions:\d+$/.test(path)).map(([, name]) => name)
  return names.length === 0 ? undefined : names
}

function readLogFilter(settings: FlatSettings, reader: SettingsReader): LogFilter {
  const prefix = 'logging:loglevel:'
  const filter = new Map<string, LogLevel>()
  for (const [path, text] of settings) {
    if (!path.startsWith(prefix)) continue
    const level = logLevels.find((known) => known === text.toLowerCase())
    if (level !== undefined) filter.set(path.slice(prefix.length), level)
    else reader.problems.push(`${path} must be one of ${logLevels.join(', ')}, not "${text}"`)
  }
  return filter
}
