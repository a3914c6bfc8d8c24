import { setTimeout as delay } from 'node:timers/promises'
import type { Finding } from '../secrets/search.ts'
import { createRandom } from '../simulation/random.ts'
import { startDropper } from './dropper.ts'
import { createInjector, type Done } from './inject.ts'
import { planFaults } from './plan.ts'
import { pendingLine, waitForQuiet } from './quiet.ts'
import { startRig } from './rig.ts'
import { findSecrets } from './secrets.ts'
import { type Audit, createAuditor } from './witness/audit.ts'
import { checkContents } from './witness/contents.ts'

/** How long and how hard. */
export type FaultsOptions = {
  folder: string
  minutes: number
  customerCount: number
  seed: number
  dropsPerSecond: number
  print(line: string): void
  /** Aborts when the operator stops it: what was found by then is reported. */
  signal?: AbortSignal
}

/** What was done and what the witnesses found at the end. */
export type FaultsResult = {
  seed: number
  seconds: number
  drops: number
  done: Done
  audit: Audit
  /** Copies and inputs that lack rows of the drops they are made of. */
  wrongContents: string[]
  secrets: Finding[]
  /** Hosts and other parts that ended without being told to. */
  ownEnds: number
}

/** At the end nothing is done to the parts until nothing is pending, for so long at most. */
const mostQuietMs = 120_000

/** The end is part of the minutes; a run too short for that has faults for so much of them, and the end on top. */
const leastFaultsShare = 0.6

/**
 * Starts the whole app on real parts, drops training data, does faults by the plan of the seed, leaves it alone at the end
 * until nothing is pending (two minutes at most), and lets the witnesses look.
 */
export async function runFaults(options: FaultsOptions): Promise<FaultsResult> {
  const { print, seed } = options
  const signal = options.signal ?? new AbortController().signal
  const rig = await startRig(options)
  try {
    const startedMs = performance.now()
    const auditor = createAuditor(rig.connectionString, rig.emulatorUrl)
    const { connectionString, customers } = rig
    const dropper = startDropper({
      ...{ connectionString, customers, perSecond: options.dropsPerSecond },
      random: createRandom(seed + 1),
    })
    const wholeMs = options.minutes * 60_000
    const faultsMs = Math.max(wholeMs - mostQuietMs, wholeMs * leastFaultsShare)
    const injector = createInjector(rig, print)
    for (const fault of planFaults(createRandom(seed), faultsMs)) {
      await delay(Math.max(0, startedMs + fault.atMs - performance.now()), undefined, { signal }).catch(
        () => {},
      )
      if (signal.aborted) break
      injector.inject(fault)
    }
    await dropper.stop()
    await injector.settle()
    print('no more drops and faults: waiting until nothing is pending')
    const audit = await waitForQuiet(auditor, dropper.dropped, {
      untilMs: startedMs + faultsMs + mostQuietMs,
      onLook: (look) => print(pendingLine(look)),
      signal,
    })
    const [wrongContents, secrets] = [
      await checkContents(auditor.storage, dropper.dropped, audit.models),
      await findSecrets(rig),
    ]
    return {
      ...{ seed, audit, wrongContents, secrets, done: injector.done },
      drops: dropper.dropped.length,
      seconds: (performance.now() - startedMs) / 1000,
      ownEnds: [...rig.hosts, rig.emulator, rig.storage].reduce((sum, part) => sum + part.ownEnds(), 0),
    }
  } finally {
    await rig.stop()
  }
}
