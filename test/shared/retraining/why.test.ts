import { expect, test } from 'vitest'
import type { Drop } from '../../../shared/retraining/drop.ts'
import { emptyHead } from '../../../shared/retraining/head.ts'
import type { Run } from '../../../shared/retraining/run.ts'
import { explain } from '../../../shared/retraining/why.ts'
import type { WhyFacts } from '../../../shared/retraining/whyFacts.ts'
import { settings } from '../../fakes/world.ts'

const noon = Date.parse('2026-03-01T12:00:00Z')
const order = { by: 'ann', reason: 'bad data', atMs: noon }

const run: Run = {
  ...{ customerId: 'contoso', model: 'census', generation: 4, state: 'queued', attempt: 1 },
  ...{ platformFailures: 0, manifest: 'm', trainingService: 'census training', timeline: [] },
  ...{ openedAtMs: noon, updatedAtMs: noon },
}

const drop = {
  id: 'd',
  name: 'a.csv',
  etag: 'e',
  sizeBytes: 1,
  state: 'pending',
  lastModifiedAtMs: noon,
} as const
const pending: Drop[] = [
  { ...drop, acceptedAtMs: noon },
  { ...drop, acceptedAtMs: noon + 10_000 },
]

const facts: WhyFacts = {
  ...{ settings: { ...settings, quietSeconds: 60, maxQuietSeconds: 600 }, head: emptyHead, hold: undefined },
  ...{
    pending: [],
    live: undefined,
    manifest: undefined,
    inFlight: undefined,
    undecided: [],
    newest: undefined,
  },
  ...{ place: undefined, inLine: 0, health: undefined, nowMs: noon + 20_000 },
}

const service = 'the training service census training'

const cases: [when: string, facts: Partial<WhyFacts>, kind: string, sentence: string][] = [
  ['quiet', { pending }, 'quiet', '2 drops wait until the quiet period ends at 2026-03-01T12:01:10Z'],
  ['quiet over', { pending, nowMs: noon + 99_000 }, 'start', '2 drops are about to start'],
  [
    'another run',
    { pending: pending.slice(0, 1), head: { ...emptyHead, inFlight: 3 } },
    'run',
    '1 drop waits for generation 3 to end',
  ],
  [
    'paused',
    { pending, hold: { kind: 'paused', reason: 'the fleet is paused by ann: holiday', sinceAtMs: noon } },
    'paused',
    '2 drops wait: the fleet is paused by ann: holiday, since 2026-03-01T12:00:00Z',
  ],
  [
    'quarantined, nothing waits',
    { hold: { kind: 'quarantined', reason: '3 runs in a row failed', sinceAtMs: noon, untilAtMs: noon } },
    'quarantined',
    'The model is quarantined: 3 runs in a row failed; it is tried again with the next drop',
  ],
  [
    'scheduled',
    { pending, hold: { kind: 'scheduled', reason: 'waits for its schedule 0 0 2 * * *', untilAtMs: noon } },
    'scheduled',
    '2 drops wait: the model waits for its schedule 0 0 2 * * *, next at 2026-03-01T12:00:00Z',
  ],
  [
    'in line',
    { inFlight: run, place: 3, inLine: 17 },
    'slot',
    `Generation 4 waits for a slot at ${service}, 3 of 17 in line`,
  ],
  [
    'the service is paused',
    {
      inFlight: run,
      health: {
        failures: [],
        paused: {
          ...{ sinceAtMs: noon, reason: '5 failures in a row', cause: 'calls', probes: 0 },
          ...{ probeAtMs: noon + 60_000, firstMs: 60_000 },
        },
      },
    },
    'service',
    `Generation 4 waits for ${service}, which is paused since 2026-03-01T12:00:00Z (5 failures in a row); it is tried again at 2026-03-01T12:01:00Z`,
  ],
  [
    'tried again',
    { inFlight: { ...run, retry: { count: 2, sinceAtMs: noon, dueAtMs: noon + 60_000 } } },
    'retry',
    'Generation 4 is tried again at 2026-03-01T12:01:00Z, after 2 calls that failed',
  ],
  [
    'training',
    { inFlight: { ...run, state: 'training', jobId: 'j', jobStartedAtMs: noon, usualJobSeconds: 90.4 } },
    'job',
    'Generation 4 trains at census training since 2026-03-01T12:00:00Z, which takes 90 s as a rule',
  ],
  [
    'judging',
    { inFlight: { ...run, state: 'trained', trainedAtMs: noon } },
    'judging',
    'Generation 4 is trained and waits to be judged',
  ],
  [
    'checking',
    { inFlight: { ...run, state: 'updating', update: { attempt: 1, claimedAtMs: noon, patchedAtMs: noon } } },
    'check',
    'Generation 4 was sent to the endpoint, which is checked until it answers with it',
  ],
  [
    'approval',
    {
      undecided: [
        { ...run, state: 'awaitingApproval', trainedAtMs: noon, verdict: 'needs an approval: AUC' },
      ],
    },
    'approval',
    'Generation 4 waits for an approval, until 2026-03-15T12:00:00Z: needs an approval: AUC',
  ],
  [
    'pinned',
    { head: { ...emptyHead, pin: { ...order, generation: 2 } } },
    'pinned',
    'Generation 2 is pinned by ann since 2026-03-01T12:00:00Z (bad data): newer generations train and end superseded until it is unpinned',
  ],
]

test.each(cases)('what waits is said: %s', (_when, some, kind, sentence) => {
  const { waits } = explain({ ...facts, ...some })
  expect(waits).toMatchObject([{ kind, sentence }])
})

test('what answers is said with since when, from which drops and by which warrant', () => {
  const live: Run = {
    ...run,
    ...{ state: 'live', liveAtMs: noon, evidence: 'location and probe row', warrant: 'override' },
    ...{ verdict: 'rejected by the gate: AUC 0.7 < 0.8' },
    override: { kind: 'approved', by: 'ann', reason: 'looked at it', decidedAtMs: noon },
  }
  const trained = { ...drop, acceptedAtMs: noon, use: 'trained' as const }
  const manifest = {
    ...{ v: 1 as const, customerId: 'contoso', model: 'census', generation: 4, openedAtMs: noon },
    drops: [trained, { ...trained, name: 'b.csv' }, { ...trained, name: 'c.csv', use: 'refused' as const }],
    earlier: [{ id: 'x', generation: 3, copy: 'c', sizeBytes: 1 }],
  }
  const { answers } = explain({ ...facts, head: { ...emptyHead, live: 4 }, live, manifest })
  expect(answers.sentences).toEqual([
    'Generation 4 answers since 2026-03-01T12:00:00Z, seen by location and probe row',
    'It was trained on a.csv, b.csv, with 1 earlier drop',
    'It was installed because a person overrode the gate, approved by ann: looked at it (rejected by the gate: AUC 0.7 < 0.8)',
  ])
  expect(answers.drops).toHaveLength(3)
})

test('before the first live generation the endpoint answers with its own model, and nothing waits', () => {
  const { answers, waits } = explain(facts)
  expect(answers.sentences).toHaveLength(1)
  expect(waits).toEqual([])
})

test.each([
  ['failed', 'job failed: line 4', 'Generation 4, the newest, failed: job failed: line 4'],
  ['rejected', 'AUC is low', 'Generation 4, the newest, was rejected: AUC is low'],
  ['cancelled', undefined, 'Generation 4, the newest, was cancelled'],
] as const)('what became of the newest run is said: %s', (state, reason, sentence) => {
  const { answers } = explain({ ...facts, newest: { ...run, state, reason } })
  expect(answers.sentences.at(-1)).toBe(sentence)
})

test('a newest run that is live, or under way, is told elsewhere', () => {
  for (const state of ['live', 'training', 'superseded'] as const) {
    expect(explain({ ...facts, newest: { ...run, state } }).answers.sentences).toHaveLength(1)
  }
})
