import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '../simulation/random.ts'
import { startDropper } from './dropper.ts'
import { createInjector, type Injector } from './inject.ts'
import type { FaultFamily } from './plan.ts'
import { pendingLine, waitForQuiet } from './quiet.ts'
import { type Rig, startRig } from './rig.ts'
import type { StormView } from './stormScreen.ts'
import type { Terminal } from './terminal.ts'
import { type Audit, createAuditor } from './witness/audit.ts'

/** How large the fleet is and how much it is given. */
export type StormOptions = {
  folder: string
  terminal: Terminal
  /** Ends the storm and the waiting at once. */
  signal: AbortSignal
  customerCount: number
  dropsPerSecond: number
  /** Without a terminal: how long. */
  seconds: number
}

/** What each key does. The network is cut on both sides. */
const keys: Record<string, [family: FaultFamily, kind: string, forMs: number][]> = {
  k: [['kill', 'host', 1_500]],
  n: [
    ['cut', 'storage down', 4_000],
    ['cut', 'service down', 4_000],
  ],
  t: [['service', 'throttled', 0]],
  l: [['service', 'update lies', 0]],
}
const ownKeysEveryMs = 7_000
const mostQuietMs = 120_000

/**
 * Lets the fleet retrain while keys do harm, until `q` (or the seconds are over), then waits until nothing is pending; `q`
 * again ends that. Answers what the witnesses found last.
 */
export async function runStorm(options: StormOptions): Promise<Audit> {
  const { terminal } = options
  const rig = await startRig({ ...options, print: terminal.print })
  try {
    return await playStorm(options, rig)
  } finally {
    await rig.stop()
  }
}

async function playStorm(options: StormOptions, rig: Rig): Promise<Audit> {
  const { terminal } = options
  const { connectionString, customers } = rig
  const injector = createInjector(rig, terminal.print)
  const auditor = createAuditor(connectionString, rig.emulatorUrl)
  const perSecond = options.dropsPerSecond
  const dropper = startDropper({ connectionString, customers, random: createRandom(Date.now()), perSecond })
  const [storm, wait] = [new AbortController(), new AbortController()]
  const end = () => [storm, wait].forEach((one) => void one.abort())
  options.signal.addEventListener('abort', end)
  if (options.signal.aborted) end()
  takeKeys(options, injector, [storm, wait])
  const startedMs = performance.now()
  const seen: { audit?: Audit } = {}
  const view = (): StormView => ({
    seconds: (performance.now() - startedMs) / 1_000,
    customers: customers.map(({ customerId }) => customerId),
    dropped: dropper.dropped.length,
    audit: seen.audit,
    done: injector.done.counts,
    said: terminal.said,
    hosts: rig.hosts.map((host) => host.pid() !== undefined),
  })
  const drawing = setInterval(() => terminal.show(view()), 250)
  const looking = lookUntil(
    storm.signal,
    async () => {
      seen.audit = await auditor.look(dropper.dropped, false)
    },
    terminal.print,
  )
  await looking
  await dropper.stop()
  await injector.settle()
  terminal.print('no more drops: waiting until nothing is pending (q ends it now)')
  const untilMs = performance.now() + mostQuietMs
  const audit = await waitForQuiet(auditor, dropper.dropped, {
    untilMs,
    onLook(look) {
      seen.audit = look
      terminal.print(pendingLine(look))
    },
    signal: wait.signal,
  })
  clearInterval(drawing)
  terminal.show(view())
  return audit
}

/** Keys do what they say; the first `q` ends the storm, the second the waiting. Without a terminal the keys press themselves. */
function takeKeys(
  { terminal, seconds }: StormOptions,
  injector: Injector,
  ends: [storm: AbortController, wait: AbortController],
): void {
  let turn = 0
  const press = (key: string) => {
    if (key === 'q') ends.find(({ signal }) => !signal.aborted)?.abort()
    turn += 1
    for (const [family, kind, forMs] of keys[key] ?? [])
      injector.inject({ atMs: 0, family, kind, forMs, turn })
  }
  terminal.onKey(press)
  if (terminal.isInteractive) return
  const pressing = setInterval(() => press(Object.keys(keys)[turn % 4] ?? 'k'), ownKeysEveryMs)
  setTimeout(() => {
    clearInterval(pressing)
    press('q')
  }, seconds * 1_000)
}

/** Looks again and again; a look takes at most a third of the time, and one that fails (a part is down) is taken again. */
async function lookUntil(
  signal: AbortSignal,
  look: () => Promise<void>,
  print: (line: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    const startedMs = performance.now()
    await look().catch((error: unknown) => print(`the witnesses can't look: ${String(error)}`))
    await delay(Math.max(500, 2 * (performance.now() - startedMs)), undefined, { signal }).catch(() => {})
  }
}
