import { concurrently } from './concurrently.ts'
import { type CheckFleetPorts, fleetChecks } from './fleetChecks.ts'
import {
  type Check,
  type CheckName,
  type CheckStatus,
  judgeClock,
  judgeQueues,
  judgeTick,
  type QueueFacts,
  watchedTimers,
  worstOf,
} from './healthChecks.ts'
import type { TickStore } from './ticks.ts'
import { textOf } from './trouble.ts'

/** What the machine and the settings say, found without a call. */
export type HostFacts = {
  /** Settings that are valid but odd here, each with its remedy. */
  hints: readonly { text: string; remedy: string }[]
  nodeVersion: string
  freeDiskBytes: number
}

/** What looking at the app's health needs. */
export type ReadHealthPorts = Pick<TickStore, 'readTicks'> &
  CheckFleetPorts & {
    /** What time storage has. */
    readStorageClock(): Promise<number>
    readQueues(): Promise<QueueFacts[]>
    readHost(): Promise<HostFacts>
    redact(text: string): string
  }

/** How the app is, with all that was looked at. */
export type Health = { status: CheckStatus; checkedAtMs: number; checks: Check[] }

const leastDiskBytes = 200 * 1024 ** 2
const atOnce = 4

/**
 * Looks at the app's health. Quick: storage, clocks and timers, in two calls. `deep`: everything. What can't be looked at is
 * a broken check, never an exception.
 */
export async function readHealth(ports: ReadHealthPorts, deep: boolean): Promise<Health> {
  const looks = deep ? [...quick, ...thorough] : quick
  const found = await concurrently(looks, atOnce, (look) => attempt(ports, look))
  const checks = withStorage(found.flat())
  return { status: worstOf(checks), checkedAtMs: ports.now(), checks }
}

type Look = { name: CheckName; see(ports: ReadHealthPorts): Promise<Check[]> }

const quick: Look[] = [
  {
    name: 'clock',
    async see(ports) {
      const beforeMs = ports.now()
      const storageMs = await ports.readStorageClock()
      return [judgeClock((beforeMs + ports.now()) / 2, storageMs)]
    },
  },
  {
    name: 'last-poll',
    async see(ports) {
      const ticks = await ports.readTicks()
      return watchedTimers.map((name) => judgeTick(name, ticks, ports.now()))
    },
  },
]

const thorough: Look[] = [
  { name: 'queue-age', see: async (ports) => judgeQueues(await ports.readQueues(), ports.now()) },
  { name: 'host', see: seeHost },
  ...fleetChecks,
]

async function attempt(ports: ReadHealthPorts, { name, see }: Look): Promise<Check[]> {
  try {
    return await see(ports)
  } catch (error) {
    return [
      {
        ...{ name, status: 'broken' },
        value: ports.redact(textOf(error)),
        remedy: 'see whether storage can be reached and whether the app’s identity may read it',
      },
    ]
  }
}

/** Storage answers when the quick looks got through to it. */
function withStorage(checks: Check[]): Check[] {
  const failed = checks.find(
    ({ name, status, value }) =>
      (name === 'clock' || name === 'last-poll') && status === 'broken' && value.startsWith('Cannot'),
  )
  const storage: Check =
    failed === undefined
      ? { name: 'storage', status: 'ok', value: 'tables and blobs answer' }
      : { ...failed, name: 'storage' }
  return [storage, ...checks]
}

async function seeHost(ports: ReadHealthPorts): Promise<Check[]> {
  const { hints, nodeVersion, freeDiskBytes } = await ports.readHost()
  const isFull = freeDiskBytes < leastDiskBytes
  return [
    {
      ...{ name: 'settings', status: hints.length > 0 ? 'degraded' : 'ok' },
      value: hints.map(({ text }) => text).join('; ') || 'all valid',
      remedy: hints.map(({ remedy }) => remedy).join('; ') || undefined,
    },
    {
      ...{ name: 'host', status: isFull ? 'degraded' : 'ok' },
      value: `Node ${nodeVersion}, ${Math.round(freeDiskBytes / 1024 ** 2)} MB free`,
      remedy: isFull ? 'free disk on the machine, or take a larger instance' : undefined,
    },
  ]
}
