import { expect, test } from 'vitest'
import { textOf } from '../../cli/output/text.ts'
import { ago, instant, lengthOf } from '../../cli/output/when.ts'
import { type RunView, runLines, runRow } from '../../cli/status/runs.ts'

const nowMs = Date.parse('2026-11-21T14:10:00Z')
const drop = {
  ...{ id: 'd1', etag: 'e', sizeBytes: 10, use: 'trained' as const },
  ...{ acceptedAt: '2026-11-21T13:59:00.000Z', lastModifiedAt: '2026-11-21T13:59:00.000Z' },
}
const run: RunView = {
  ...{ customerId: 'contoso', model: 'census', generation: 41, state: 'live', attempt: 2 },
  ...{ openedAt: '2026-11-21T14:00:00.000Z', updatedAt: '2026-11-21T14:08:00.000Z' },
  ...{ liveAt: '2026-11-21T14:08:00.000Z', trainingService: 'Census', jobId: 'j1', platformFailures: 1 },
  ...{ warrant: 'gatePassed', verdict: 'passed the gate: AUC >= 0.8 holds (0.9)' },
  metrics: { AUC: 0.912345, Accuracy: 0.8 },
  override: {
    ...{ kind: 'approved', by: 'ada', reason: 'looked at it' },
    decidedAt: '2026-11-21T14:05:00.000Z',
  },
  timeline: [
    { at: '2026-11-21T14:00:00.000Z', text: 'queued with 4 drops' },
    {
      ...{ at: '2026-11-21T14:01:00.000Z', text: 'the service is busy' },
      ...{ count: 3, lastAt: '2026-11-21T14:02:00.000Z' },
    },
  ],
  manifest: {
    openedAt: '2026-11-21T14:00:00.000Z',
    drops: ['a.csv', 'b.csv', 'c.csv', 'd.csv'].map((name) => ({ ...drop, name })),
    earlier: [{ id: 'd0', generation: 40, sizeBytes: 10 }],
  },
}

test('a run in a list: how long it took, its metric, why', () => {
  expect(runRow(run, nowMs).map(textOf)).toEqual([
    ...['41', 'live', '10 min ago', '8 min', '0.912'],
    'passed the gate: AUC >= 0.8 holds (0.9)',
  ])
})

test('a run in full: what it trained on, who decided, and its timeline', () => {
  expect(runLines(run, nowMs).map((parts) => parts.map(textOf).join(''))).toEqual([
    'contoso/census generation 41 is live since 2 min',
    '  trained on  a.csv, b.csv, c.csv and 1 more, with 1 earlier drop',
    '  job         Census, j1, attempt 2',
    '  metrics     AUC 0.9123, Accuracy 0.8',
    '  decision    passed the gate: AUC >= 0.8 holds (0.9)',
    '  override    approved by ada: looked at it',
    '  warrant     gate passed',
    '',
    '  2026-11-21 14:00:00Z  queued with 4 drops',
    '  2026-11-21 14:01:00Z  the service is busy (3 times, the last at 2026-11-21 14:02:00Z)',
  ])
})

const lengths: [seconds: number, said: string][] = [
  [0.4, '0 s'],
  [119, '119 s'],
  [120, '2 min'],
  [7_199, '119 min'],
  [7_200, '2 h'],
  [9_000, '2 h 30 min'],
  [200_000, '2 d'],
]
test.each(lengths)('lengthOf %d s is %s', (seconds, said) => {
  expect(lengthOf(seconds)).toBe(said)
})

test('an instant beside now, and to the second', () => {
  expect(ago('2026-11-21T14:12:00.000Z', nowMs)).toBe('in 2 min')
  expect(ago(undefined, nowMs)).toBe('')
  expect(instant('2026-11-21T14:12:00.123Z')).toBe('2026-11-21 14:12:00Z')
})
