import { describe, expect, test } from 'vitest'
import type { DroppedVersion } from '../dropper.ts'
import { tallyDrops } from './drops.ts'
import type { WitnessedEndpoint, WitnessedJob } from './emulator.ts'
import { followEndpoints } from './endpoints.ts'
import { findStartedTwice } from './jobs.ts'
import type { Cells, Generation, ManifestDrop, StoredModel } from './storage.ts'

const version = (etag: string, at: number): DroppedVersion => ({
  customerId: 'acme',
  name: 'acme/m/a.csv',
  etag,
  tag: `tag-${etag}`,
  at,
})
const inManifest = (etag: string, use = 'trained'): ManifestDrop => ({ name: 'acme/m/a.csv', etag, use })

function model(generations: Partial<Generation>[], records: Record<string, Cells> = {}, head: Cells = {}) {
  const whole = generations.map((one, at) => ({
    generation: at + 1,
    state: 'live',
    reason: '',
    drops: [],
    ...one,
  }))
  const byKey = new Map(Object.entries(records).map(([etag, cells]) => [`acme/m/a.csv ${etag}`, cells]))
  return { customerId: 'acme', head, generations: whole, records: byKey, waiting: 0 } satisfies StoredModel
}

describe('drops', () => {
  type Case = [when: string, dropped: DroppedVersion[], model: StoredModel, counts: object, lost: RegExp[]]
  const [one, two] = [version('1', 0), version('2', 1)]
  const cases: Case[] = [
    ['one generation names it', [one], model([{ drops: [inManifest('1')] }]), { inGeneration: 1 }, []],
    [
      'two generations name it',
      [one],
      model([{ drops: [inManifest('1')] }, { drops: [inManifest('1')] }]),
      { inGeneration: 0 },
      [/is in generations 1 and 2/],
    ],
    ['none does', [one], model([]), { waiting: 0 }, [/in no generation/]],
    ['it waits', [one], model([], { 1: { state: 'pending' } }), { waiting: 1 }, []],
    ['it is unchanged', [one], model([], { 1: { state: 'unchanged' } }), { unchanged: 1 }, []],
    [
      'it was overwritten before anybody looked',
      [one, two],
      model([{ drops: [inManifest('2')] }]),
      { inGeneration: 1, overwritten: 1 },
      [],
    ],
    [
      'it counts as overwritten, and nobody did',
      [one],
      model([{ drops: [inManifest('1', 'overwritten')] }]),
      { inGeneration: 1 },
      [/nobody wrote it again/],
    ],
    ['it was refused', [one], model([{ drops: [inManifest('1', 'refused')] }]), {}, [/was refused/]],
    [
      "it is in another customer's",
      [one],
      { ...model([{ drops: [inManifest('1')] }]), customerId: 'other' },
      {},
      [/another customer's/],
    ],
  ]
  test.each(cases)('%s', (_when, dropped, stored, counts, lost) => {
    const tally = tallyDrops(dropped, [stored], true)
    expect(tally).toMatchObject(counts)
    expect(tally.lost).toEqual(lost.map((text) => expect.stringMatching(text)))
  })

  test('before the end what is nowhere yet waits', () => {
    expect(tallyDrops([one], [], false)).toMatchObject({ waiting: 1, lost: [] })
  })
})

describe('jobs', () => {
  const at = (second: number) => new Date(second * 1_000).toISOString()
  const job = (id: string, status: string, from: number | null, to: number | null): WitnessedJob => ({
    id,
    status,
    input: 'training-sets/acme/m/drops/1.csv',
    startedAt: from === null ? null : at(from),
    finishedAt: to === null ? null : at(to),
  })
  const stored = model([{ input: 'acme/m/drops/1.csv' }])
  const cases: [when: string, jobs: WitnessedJob[], found: RegExp[]][] = [
    ['one job', [job('a', 'Finished', 1, 2)], []],
    [
      'one started, others only submitted',
      [job('a', 'Running', 1, null), job('b', 'NotStarted', null, null)],
      [],
    ],
    ['a second attempt after a failure', [job('b', 'Running', 3, null), job('a', 'Failed', 1, 2)], []],
    [
      'a second while the first runs',
      [job('a', 'Running', 1, null), job('b', 'Running', 2, null)],
      [/b was started while a was Running/],
    ],
    [
      'a second after the first had finished',
      [job('a', 'Finished', 1, 2), job('b', 'Running', 3, null)],
      [/b was started/],
    ],
    [
      'a second just before the first failed',
      [job('a', 'Failed', 1, 4), job('b', 'Running', 3, null)],
      [/b was started/],
    ],
    [
      'one that no generation knows',
      [{ ...job('a', 'Running', 1, null), input: 'training-sets/x' }],
      [/no generation names/],
    ],
  ]
  test.each(cases)('%s', (_when, jobs, found) => {
    expect(findStartedTwice(jobs, [stored])).toEqual(found.map((text) => expect.stringMatching(text)))
  })
})

describe('endpoints', () => {
  const endpoint = (...generations: number[]): WitnessedEndpoint => {
    const updates = generations.map((generation) => ({
      relativeLocation: `models/acme/m/${String(generation).padStart(10, '0')}/model.ilearner`,
      atMs: 0,
    }))
    return { name: 'acme', resources: [{ relativeLocation: '', updates }] }
  }
  const states = [{}, {}, { state: 'failed' }]
  const cases: [when: string, patches: number[], live: number, found: object][] = [
    ['upward, one of them twice', [1, 2, 2], 2, { backwards: [], astray: [], putBack: 0 }],
    ['back', [2, 1], 1, { backwards: ['acme: generation 1 after 2'] }],
    ['back after one that failed', [2, 3, 2], 2, { backwards: [], astray: [], putBack: 1 }],
    ['not where it should be', [1], 2, { astray: ['acme has generation 1, live is 2'] }],
    ['never updated', [], 0, { backwards: [], astray: [] }],
  ]
  test.each(cases)('%s', (_when, patches, live, found) => {
    expect(followEndpoints([endpoint(...patches)], [model(states, {}, { live })])).toMatchObject(found)
  })

  test("another customer's model is found", () => {
    const stray = { ...endpoint(1), name: 'other' }
    const other = { ...model([{}], {}, { live: 1 }), customerId: 'other' }
    expect(followEndpoints([stray], [other]).backwards).toEqual(['other was given a model of acme'])
  })
})
