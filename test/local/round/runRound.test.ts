import { expect, test } from 'vitest'
import { readRound, writeRound } from '../../../local/round/roundFile.ts'
import { type RoundPorts, runRound } from '../../../local/round/runRound.ts'
import type { Head } from '../../../shared/retraining/head.ts'
import type { Run, RunState } from '../../../shared/retraining/run.ts'
import { temporaryFolder } from '../../setup/temporaryFolder.ts'

const endpoint = { url: 'u', scoringUrl: 's', primaryKey: 'k' }
const quality = (auc: number) => ({ rows: 10, positives: 2, auc, accuracy: 0.8 })
const startMs = Date.parse('2026-11-21T10:45:00Z')

type World = { head: Head; runs: Run[]; drops: string[]; measured: number; folder: string }

const emptyWorld = (): World => ({
  head: { lastGeneration: 0, floor: 0 },
  runs: [],
  drops: [],
  measured: 0,
  folder: temporaryFolder('retrain-run'),
})

/** Makes a generation that ends in this state. */
function addRun(world: World, state: RunState, reason?: string): void {
  const generation = world.head.lastGeneration + 1
  const model = { name: `southwest/birdstrikes/${generation}.ilearner`, sizeBytes: 1, sha256: 'x' }
  world.runs.push({
    customerId: 'southwest',
    model: 'birdstrikes',
    generation,
    state,
    attempt: 1,
    platformFailures: 0,
    manifest: 'm',
    trainingService: 'Bird Strikes',
    input: { name: `input-${generation}`, sizeBytes: 1 },
    archive: { model, evaluation: { ...model, name: 'e' } },
    openedAtMs: startMs,
    updatedAtMs: startMs,
    liveAtMs: startMs + 5_000,
    endedAtMs: startMs + 5_000,
    timeline: [],
    ...(reason !== undefined && { reason }),
  })
  const live = state === 'live' ? generation : world.head.live
  world.head = { ...world.head, lastGeneration: generation, live }
}

/** Ports over a world in which every drop becomes a run that ends in `outcome`. */
function portsOf(world: World, outcome: RunState = 'live', more: Partial<RoundPorts> = {}): RoundPorts {
  const liveRun = () => world.runs.find((run) => run.generation === world.head.live)
  return {
    folder: world.folder,
    customers: [{ customerId: 'southwest', endpoint }],
    rows: {
      readHead: async () => ({ value: world.head, etag: 'e' }),
      readRun: async ({ generation }) => {
        const run = world.runs.find((run) => run.generation === generation)
        return run && { value: run, etag: 'e' }
      },
      hasPending: async () => false,
    },
    async drop(_customerId, name, part) {
      world.drops.push(name)
      addRun(world, part === 'first' ? 'live' : outcome, outcome === 'live' ? undefined : 'no column damage')
    },
    countInputRows: async (name) => (name === `input-${world.head.live}` ? 591 : 0),
    measure: async () => {
      world.measured += 1
      return quality(0.5 + (world.head.live ?? 0) / 10)
    },
    modelLocation: async () => `models/${liveRun()?.archive?.model.name}`,
    jobShare: async () => undefined,
    now: () => startMs,
    nextLook: async () => {},
    assertRunning: () => {},
    show: () => {},
    print: () => {},
    settle: () => {},
    ...more,
  }
}

test('a first start drops twice: the first model, then the new data; both are measured', async () => {
  const world = emptyWorld()
  const rows = await runRound(portsOf(world))
  expect(world.drops).toEqual(['first.csv', 'next-20261121T104500.csv'])
  expect(rows).toEqual([
    {
      customer: 'southwest',
      model: 'birdstrikes',
      generation: 2,
      state: 'live',
      rows: 591,
      aucBefore: 0.6,
      aucAfter: 0.7,
      accuracyBefore: 0.8,
      accuracyAfter: 0.8,
      secondsToLive: 5,
      heldOut: 10,
      heldOutPositives: 2,
    },
  ])
  expect(readRound(world.folder).customers).toEqual({})
})

test('a second start drops the data under a new name, so that another generation is trained', async () => {
  const world = emptyWorld()
  await runRound(portsOf(world))
  const rows = await runRound(portsOf(world, 'live', { now: () => startMs + 60_000 }))
  expect(world.drops.at(-1)).toBe('next-20261121T104600.csv')
  expect(world.drops).toHaveLength(3)
  expect(rows[0]?.generation).toBe(3)
})

test('a start after a crash goes on with the round: the same drop, and the endpoint as it was measured before', async () => {
  const world = emptyWorld()
  addRun(world, 'live')
  const known = {
    before: { generation: 1, quality: quality(0.123) },
    drop: { name: 'next-x.csv', atMs: startMs },
  }
  writeRound(world.folder, { version: 1, isOver: false, customers: { southwest: known } })
  const rows = await runRound(portsOf(world))
  expect(world.drops).toEqual(['next-x.csv'])
  expect(rows[0]).toMatchObject({ generation: 2, aucBefore: 0.123, aucAfter: 0.7 })
  expect(world.measured).toBe(1)
})

test('a run that fails is reported with its reason, and the endpoint is not measured again', async () => {
  const world = emptyWorld()
  const rows = await runRound(portsOf(world, 'failed'))
  expect(rows[0]).toMatchObject({
    state: 'failed',
    generation: 2,
    aucAfter: null,
    reason: 'no column damage',
  })
  expect(world.measured).toBe(1)
})

test('an endpoint that names another model is not live, whatever the rows say', async () => {
  const rows = await runRound(portsOf(emptyWorld(), 'live', { modelLocation: async () => 'models/other' }))
  expect(rows[0]).toMatchObject({ state: 'updating', secondsToLive: null })
  expect(rows[0]?.reason).toBe('the endpoint names models/other, not the model of generation 2')
})

test('what an earlier start left under way is shown and waited for before the endpoint is measured', async () => {
  const world = emptyWorld()
  addRun(world, 'live')
  addRun(world, 'training')
  world.head = { ...world.head, inFlight: 2 }
  const shown: string[] = []
  const rows = await runRound(
    portsOf(world, 'live', {
      print: (line) => shown.push(line),
      show: (lines) => shown.push(...lines.map((line) => `${line.customer} ${line.state}`)),
      nextLook: async () => {
        world.runs = world.runs.map((run) => (run.generation === 2 ? { ...run, state: 'live' } : run))
        world.head = { ...world.head, live: 2, inFlight: undefined }
      },
    }),
  )
  expect(shown.slice(0, 2)).toEqual(['Still under way at southwest from before:', 'southwest training'])
  expect(rows[0]).toMatchObject({ generation: 3, aucBefore: 0.7 })
})
