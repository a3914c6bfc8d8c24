import { expect, test } from 'vitest'
import { status, unclaimedLine } from '../../../local/cli/status.ts'
import type { Head } from '../../../shared/retraining/head.ts'
import type { Run } from '../../../shared/retraining/run.ts'

const run: Run = {
  customerId: 'southwest',
  model: 'birdstrikes',
  generation: 2,
  state: 'failed',
  attempt: 1,
  platformFailures: 0,
  manifest: 'm',
  trainingService: 'Bird Strikes',
  jobId: 'j1',
  reason: 'job failed: no column damage',
  openedAtMs: 0,
  updatedAtMs: Date.parse('2026-11-21T10:00:00Z'),
  timeline: [],
}
const head: Head = { lastGeneration: 2, live: 1, floor: 1 }
const storage = {
  tables: {
    listModels: async () => ({
      items: [
        { customerId: 'american', model: 'birdstrikes' },
        { customerId: 'southwest', model: 'birdstrikes' },
      ],
    }),
    readSettings: async () => undefined,
    putSettings: async () => {},
    readTrainingService: async () => undefined,
    putTrainingService: async () => {},
  },
  readUnclaimed: async () => ({
    drops: [
      {
        name: 'acme/m/x.csv',
        etag: 'e',
        sizeBytes: 1,
        reason: 'unknown customer or model',
        seenAtMs: run.updatedAtMs,
      },
    ],
  }),
  rows: {
    readHead: async ({ customerId }: { customerId: string }) =>
      customerId === 'southwest' ? { value: head, etag: 'e' } : undefined,
    readRun: async () => ({ value: run, etag: 'e' }),
    hasPending: async () => false,
  },
}

test('every model has a line, and the reason of a failed run follows', async () => {
  expect(await status(storage, { kind: 'status', isJson: false })).toEqual([
    'american       birdstrikes    no model of its own yet, no run',
    'southwest      birdstrikes    generation 1 live, run 2 failed since 2026-11-21T10:00:00.000Z',
    '  job failed: no column damage',
    'unclaimed: training-data/acme/m/x.csv: unknown customer or model',
  ])
})

test('--json is one object a line, of the customer that was named', async () => {
  const lines = await status(storage, { kind: 'status', customerId: 'southwest', isJson: true })
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      customer: 'southwest',
      model: 'birdstrikes',
      liveGeneration: 1,
      isBusy: false,
      run: {
        generation: 2,
        state: 'failed',
        jobId: 'j1',
        updatedAt: '2026-11-21T10:00:00.000Z',
        reason: 'job failed: no column damage',
      },
    },
  ])
})

test('the unclaimed drops of a customer who is not known are shown', async () => {
  const lines = await status(storage, { kind: 'status', customerId: 'acme', isJson: true })
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      unclaimed: 'training-data/acme/m/x.csv',
      reason: 'unknown customer or model',
      seenAt: '2026-11-21T10:00:00.000Z',
    },
  ])
})

test('a customer that is not there is said', async () => {
  await expect(status(storage, { kind: 'status', customerId: 'nobody', isJson: false })).rejects.toThrow(
    'Cannot show customer nobody: there is none of that name',
  )
})

test('the name of an unclaimed drop has no control characters on the terminal', () => {
  const line = unclaimedLine({
    name: 'x/y/\u001b[31ma\n.csv',
    etag: 'e',
    sizeBytes: 1,
    reason: 'r',
    seenAtMs: 0,
  })
  expect(line).toBe('unclaimed: training-data/x/y/?[31ma?.csv: r')
})
