import { describe, expect, test } from 'vitest'
import { withInstantsForReading } from '../../shared/lib/instants.ts'
import { approveRun } from '../../shared/retraining/approveRun.ts'
import { cancelRun } from '../../shared/retraining/cancelRun.ts'
import { RetryableError } from '../../shared/retraining/errors.ts'
import { exportRun, type RunExport } from '../../shared/retraining/exportRun.ts'
import { rejectRun } from '../../shared/retraining/rejectRun.ts'
import { rollback } from '../../shared/retraining/rollback.ts'
import type { ModelSettings } from '../../shared/retraining/settings.ts'
import { createWorld, dropped, type World } from '../fakes/world.ts'
import { parseExport } from './readExport.ts'
import { replay } from './replay.ts'

const march = 'contoso/census/march.csv'
const april = 'contoso/census/april.csv'
const gate = (limit: string, approval: 'never' | 'always' = 'never'): ModelSettings['gate'] => ({
  kind: 'limits',
  limits: [limit],
  approval,
})
const by = { by: 'kim', reason: 'looked at it' }

/** A run as it comes from the API. */
async function exported(world: World, generation: number, withData = false): Promise<RunExport> {
  const found = await exportRun(world.ports, { ...world.key, generation }, { withData })
  if (found.kind !== 'exported') throw new Error(found.kind)
  return parseExport(JSON.parse(JSON.stringify(withInstantsForReading(found.file))))
}

async function two(overrides: Partial<ModelSettings>, meanwhile?: (world: World) => Promise<unknown>) {
  const world = await createWorld({ ...overrides, gate: { kind: 'always' } })
  await dropped(world, march, 'age\n39\n')
  await world.play(300)
  const settings = await world.ports.readSettings(world.key)
  if (settings !== undefined) await world.ports.putSettings({ ...settings, ...overrides })
  await dropped(world, april, 'age\n40\n')
  await world.play(300)
  await meanwhile?.(world)
  await world.play(300)
  return world
}

const key = (world: World) => ({ ...world.key, generation: 2 })
const stories: [name: string, play: () => Promise<World>, state: string][] = [
  ['live', () => two({}), 'live'],
  ['live, compared with the one before', () => two({ gate: gate('AUC >= live - 0.01') }), 'live'],
  ['joined', () => two({ trainingData: 'append' }), 'live'],
  ['rejected', () => two({ gate: gate('AUC >= 0.95') }), 'rejected'],
  [
    'rejected, then approved',
    () => two({ gate: gate('AUC >= 0.95') }, (w) => approveRun(w.ports, key(w), by)),
    'live',
  ],
  [
    'approved',
    () => two({ gate: gate('AUC >= 0.5', 'always') }, (w) => approveRun(w.ports, key(w), by)),
    'live',
  ],
  [
    'rejected by a person',
    () => two({ gate: gate('AUC >= 0.5', 'always') }, (w) => rejectRun(w.ports, key(w), by)),
    'rejected',
  ],
  ['rolled back from', () => two({}, (w) => rollback(w.ports, w.key, { ...by, to: 1 })), 'superseded'],
  [
    'failed of its data',
    () => faulty((world) => world.services.fail('job2', 'Error 0013: no label')),
    'failed',
  ],
  [
    'refused by the endpoint',
    () => faulty(({ services }) => Object.assign(services.endpoint, { description: 'gone' })),
    'failed',
  ],
  ['cancelled', () => faulty(async (world) => cancelRun(world.ports, key(world), by)), 'cancelled'],
  ['live after trouble', () => faulty(trouble), 'live'],
  ['live after its job was lost', () => faulty(({ services }) => services.jobs.delete('job2')), 'live'],
  [
    'deaf endpoint',
    () => faulty(({ services }) => Object.assign(services.endpoint, { deaf: true })),
    'failed',
  ],
]

/** Two generations; at the second something happens while its job runs. */
async function faulty(happens: (world: World) => unknown): Promise<World> {
  const world = await createWorld()
  await dropped(world, march, 'age\n39\n')
  await world.play(300)
  await dropped(world, april, 'age\n40\n')
  await world.play(20)
  await happens(world)
  await world.play(3_000)
  return world
}

function trouble({ services }: World): void {
  const act = () => {
    throw new RetryableError('Cannot reach the service: HTTP 503')
  }
  for (const operation of ['getJob', 'updateEndpoint', 'describeEndpoint'] as const) {
    services.fault(operation, 'before', act)
    services.fault(operation, 'after', act)
  }
}

describe('a run that was exported is played again', () => {
  test.each(stories)('%s: every decision is the same', async (_name, play, state) => {
    const world = await play()
    const file = await exported(world, 2)
    expect(file.run.state).toBe(state)
    const { agreed, difference } = await replay(file)
    expect(difference).toBeUndefined()
    expect(agreed.length).toBeGreaterThan(1)
  })

  test('the first one too', async () => {
    expect(await replay(await exported(await two({}), 1))).not.toHaveProperty('difference')
  })
})

describe('the first difference is found', () => {
  test.each<[string, (file: RunExport) => void, RegExp]>([
    ['a verdict', ({ run }) => Object.assign(run, { verdict: 'passed' }), /verdict/],
    ['a warrant', ({ run }) => Object.assign(run.lives?.[0] ?? {}, { warrant: 'override' }), /warrant/],
    ['a state', ({ run }) => Object.assign(run, { state: 'rejected' }), /state/],
    [
      'a metric',
      ({ evaluation, ...file }) => Object.assign(file.run, { metrics: { AUC: 0.99, Accuracy: 0.81 } }),
      /metrics/,
    ],
    ['an entry', ({ run }) => Object.assign(run.timeline[2] ?? {}, { text: 'job job7 started' }), /entry 3/],
    [
      'an archived model',
      ({ run }) => Object.assign(run.archive?.model ?? {}, { name: 'fabrikam/census/1' }),
      /PATCH/,
    ],
    [
      'the gate',
      ({ run }) => tamper(run, '"limits":["AUC >= live - 0.01"]', '"limits":["AUC >= 0.95"]'),
      /entry 5/,
    ],
    [
      'an answer',
      ({ run }) =>
        tamper(
          run,
          '"relativeLocation":"deployed"',
          '"relativeLocation":"x"',
          'isDefault":false',
          'isDefault":true',
        ),
      /entry 2/,
    ],
  ])('in %s', async (_name, change, what) => {
    const file = await exported(await two({ gate: gate('AUC >= live - 0.01') }), 2)
    change(file)
    const { difference } = await replay(file)
    expect(difference?.what).toMatch(what)
    expect(difference?.expected).not.toBe(difference?.got)
  })
})

function tamper(run: RunExport['run'], ...pairs: string[]): void {
  for (const one of run.answers ?? []) {
    for (let at = 0; at < pairs.length; at += 2) {
      Object.assign(one, { answer: one.answer.replaceAll(pairs[at] ?? '', pairs[at + 1] ?? '') })
    }
  }
}

describe('an export', () => {
  test('holds no SAS, no token and no key; training rows only where asked for', async () => {
    const world = await two({})
    const text = JSON.stringify(await exported(world, 2))
    expect(text).not.toMatch(/sig=|secret|whsec_/)
    expect(text).not.toContain('age\\n40')
    expect(text).toContain('env:CONTOSO_KEY')
    expect((await exported(world, 2, true)).input).toBe('age\n40\n')
  })

  test('of a run that there is not is none', async () => {
    const { ports, key: model } = await createWorld()
    expect(await exportRun(ports, { ...model, generation: 1 }, { withData: false })).toEqual({
      kind: 'unknown',
    })
  })
})
