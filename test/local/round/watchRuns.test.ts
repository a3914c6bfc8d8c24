import { expect, test } from 'vitest'
import { type WatchPorts, watchRuns } from '../../../local/round/watchRuns.ts'
import type { Head } from '../../../shared/retraining/head.ts'
import type { Run, RunState } from '../../../shared/retraining/run.ts'

const runOf = (generation: number, state: RunState, reason?: string): Run => ({
  customerId: 'southwest',
  model: 'birdstrikes',
  generation,
  state,
  attempt: 1,
  platformFailures: 0,
  manifest: 'm',
  trainingService: 's',
  openedAtMs: 1_000,
  updatedAtMs: 1_000,
  endedAtMs: 3_000,
  timeline: [],
  ...(reason !== undefined && { reason }),
})

/** Looks once at each of these moments, then ends; answers what was printed, shown and settled. */
async function watch(moments: { head: Head; run: Run }[], unclaimed: string[] = []): Promise<string[]> {
  const told: string[] = []
  const controller = new AbortController()
  let moment = 0
  const now = () => moments[moment] ?? moments[0]
  const ports: WatchPorts = {
    rows: {
      readHead: async () => ({ value: now()?.head ?? { lastGeneration: 0, floor: 0 }, etag: 'e' }),
      readRun: async () => ({ value: now()?.run ?? runOf(0, 'live'), etag: 'e' }),
      hasPending: async () => false,
    },
    jobShare: async () => 0.5,
    now: () => 5_000,
    listModels: async () => ({ items: [{ customerId: 'southwest', model: 'birdstrikes' }] }),
    readUnclaimed: async () => ({
      drops: unclaimed.map((name) => ({ name, etag: 'e', sizeBytes: 1, reason: 'nobody', seenAtMs: 0 })),
    }),
    show: (lines) => told.push(...lines.map((line) => `${line.customer} ${line.generation} ${line.state}`)),
    print: (line) => told.push(line),
    settle: () => told.push('settled'),
    nextLook: async () => {
      moment += 1
      if (moment >= moments.length) controller.abort()
    },
  }
  await watchRuns(ports, controller.signal)
  return told
}

test('what happened before is not told; a further retraining is, once, to its end', async () => {
  const told = await watch([
    { head: { lastGeneration: 2, live: 2, floor: 2 }, run: runOf(2, 'live') },
    { head: { lastGeneration: 3, live: 2, floor: 2, inFlight: 3 }, run: runOf(3, 'training') },
    { head: { lastGeneration: 3, live: 2, floor: 2 }, run: runOf(3, 'failed', 'no column damage') },
    { head: { lastGeneration: 3, live: 2, floor: 2 }, run: runOf(3, 'failed', 'no column damage') },
  ])
  expect(told).toEqual(['southwest 3 training', 'southwest 3 failed', 'settled'])
})

test('a retraining that is under way at the first look is told to its end', async () => {
  const told = await watch([
    { head: { lastGeneration: 3, live: 2, floor: 2, inFlight: 3 }, run: runOf(3, 'training') },
    { head: { lastGeneration: 3, live: 3, floor: 3 }, run: runOf(3, 'live') },
  ])
  expect(told).toEqual(['southwest 3 training', 'southwest 3 live', 'settled'])
})

test('an unclaimed drop is told once', async () => {
  const quiet = { head: { lastGeneration: 0, floor: 0 }, run: runOf(0, 'live') }
  expect(await watch([quiet, quiet], ['acme/m/x.csv'])).toEqual([
    '  unclaimed: training-data/acme/m/x.csv: nobody',
  ])
})
