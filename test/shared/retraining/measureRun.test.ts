import { describe, expect, test } from 'vitest'
import { approveRun } from '../../../shared/retraining/approveRun.ts'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import type { Holdout } from '../../../shared/retraining/holdout.ts'
import { measureRun } from '../../../shared/retraining/measureRun.ts'
import type { LimitsGate } from '../../../shared/retraining/settings.ts'
import { type CrashPlan, createCrashPlan } from '../../fakes/crash.ts'
import { createWorld, dropped, settings, type World } from '../../fakes/world.ts'

const staging = { ...settings.endpoint, url: 'https://management.azureml.net/endpoints/staging' }
const holdout: Holdout = {
  ...{ blob: 'held.csv', label: 'income', positive: '>50K', scored: 'Scored Probabilities' },
  ...{ measure: 'AUC', margin: 0.01, staging },
}
const gate: LimitsGate = { kind: 'limits', limits: [], holdout }
const april = 'contoso/census/april.csv'
const key = { customerId: 'contoso', model: 'census', generation: 2 }

/** 40 rows; the first half earns more. */
const held = `age,income\n${Array.from({ length: 40 }, (_none, at) => `${60 - at},${at < 20 ? '>50K' : '<=50K'}`).join('\n')}\n`

/** The model of generation 1 sorts the ages rightly, that of a worse generation mixes them up. */
function answerWith(worse: readonly number[]) {
  return (model: string, { age = '0' }: Readonly<Record<string, string>>): Record<string, string> => {
    const generation = Number(/census\/0*(\d+)\//.exec(model)?.[1] ?? 0)
    const probability = worse.includes(generation) ? ((Number(age) * 7) % 11) / 12 : Number(age) / 100
    return { 'Scored Probabilities': String(probability + (20 - generation) / 1_000) }
  }
}

async function liveWorld(change: Partial<LimitsGate> = {}, worse = [2], crash?: CrashPlan): Promise<World> {
  const world = await createWorld({ gate: { ...gate, ...change } }, crash)
  world.services.answers.with = answerWith(worse)
  await world.containers.holdouts.putText('contoso/census/held.csv', held)
  await dropped(world)
  await world.play(240)
  return world
}

const timeline = async (world: World, generation: number) =>
  (await world.run(generation))?.timeline.map(({ text }) => text) ?? []

describe('a gate with rows held out', () => {
  test('the first model has nothing to be compared with: its figures stand on it', async () => {
    const world = await liveWorld({ limits: ['holdout AUC >= 0.9'] })
    const run = await world.run(1)
    expect(run).toMatchObject({ state: 'live', warrant: 'firstModel' })
    expect(run?.decision?.holdout).toMatchObject({ rows: 40, scored: 40, candidate: { AUC: 1 } })
    expect(run?.holdout?.champion).toBeUndefined()
    expect(run?.measuring).toBeUndefined()
  })

  test('a model that is worse on the same rows never reaches the endpoint; approved it does', async () => {
    const world = await liveWorld()
    await dropped(world, april, 'age\n40\n')
    await world.play(240)
    const run = await world.run(2)
    expect(run).toMatchObject({ state: 'rejected', holdout: { live: 1, champion: { AUC: 1 } } })
    expect(run?.reason).toMatch(/^rejected by the gate: worse on the same 40 rows \(AUC better by -0\.\d+/)
    expect(world.services.patches).toHaveLength(1)
    expect(world.services.endpoint.answering).toContain('/0000000001/')
    await approveRun(world.ports, key, { by: 'Ada', reason: 'the rows are old' })
    await world.play(60)
    expect(await world.head()).toMatchObject({ live: 2 })
    expect(world.services.endpoint.answering).toContain('/0000000002/')
  })

  test('one that is as good passes', async () => {
    const world = await liveWorld({}, [])
    await dropped(world, april, 'age\n40\n')
    await world.play(240)
    expect(await world.run(2)).toMatchObject({ state: 'live', warrant: 'gatePassed' })
    expect(await timeline(world, 2)).toContain('scored on 40 rows of held.csv')
  })

  test.each<[when: string, blob: string, reason: RegExp]>([
    ['a blob that is not there', '', /there is no blob held.csv/],
    ['no label', 'age\n1\n2\n', /held.csv: it has no column income; it has age/],
    ['no row of the positive class', 'age,income\n1,no\n', /no row's income is >50K/],
    ['a torn row', 'age,income\n1\n', /row 1 has 1 columns, the header 2/],
  ])('%s rejects with the reason', async (_when, blob, reason) => {
    const world = await createWorld({ gate })
    if (blob !== '') await world.containers.holdouts.putText('contoso/census/held.csv', blob)
    await dropped(world)
    await world.play(240)
    expect(await world.run(1)).toMatchObject({ state: 'rejected' })
    expect((await world.run(1))?.reason).toMatch(reason)
  })

  test('an answer without the column rejects, or asks where the settings say so', async () => {
    const world = await liveWorld({ missing: 'approve', holdout: { ...holdout, scored: 'Score' } })
    expect(await world.run(1)).toMatchObject({ state: 'awaitingApproval' })
    expect((await world.run(1))?.verdict).toContain('has no column Score; it has Scored Probabilities')
  })
})

describe('the staging endpoint', () => {
  test.each(['deaf', 'stuck'] as const)('%s: after its deadline the run is rejected', async (fault) => {
    const world = await createWorld({ gate })
    world.services.answers.with = answerWith([])
    world.services.staging[fault] = true
    await world.containers.holdouts.putText('contoso/census/held.csv', held)
    await dropped(world)
    await world.play(1_200)
    expect(await world.run(1)).toMatchObject({ state: 'rejected' })
    expect((await world.run(1))?.reason).toMatch(/the staging endpoint does not answer with the model: it/)
  })

  test('is used by one run at a time: the second waits until it is given back', async () => {
    const world = await createWorld({ gate })
    const claim = { ...key, customerId: 'fabrikam', owner: 'other', untilAtMs: world.clock.now() + 300_000 }
    await world.ports.writeStaging(staging.url, { value: claim })
    world.services.answers.with = answerWith([])
    await world.containers.holdouts.putText('contoso/census/held.csv', held)
    await dropped(world)
    await world.play(200)
    expect(await world.run(1)).toMatchObject({ state: 'trained' })
    expect(await timeline(world, 1)).toContain('waits for the staging endpoint')
    expect(world.services.staging.answering).toBe('deployed')
    await world.play(300)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
    expect((await world.ports.readStaging(staging.url))?.value.owner).toBe('')
  })

  test('two workers at once: what it answered before the first PATCH is not forgotten by the second', async () => {
    const world = await createWorld({ gate })
    world.services.answers.with = answerWith([])
    world.services.staging.stuck = true
    world.services.fault('score', 'before', async () => {
      const run = await world.run(1)
      if (run !== undefined) await measureRun(world.ports, { ...settings, gate }, run)
    })
    await world.containers.holdouts.putText('contoso/census/held.csv', held)
    await dropped(world)
    await world.play(1_200)
    expect(await world.run(1)).toMatchObject({ state: 'rejected' })
    expect((await world.run(1))?.reason).toMatch(/does not answer with the model: it answers as before/)
  })

  test('a PATCH that ended unsure is waited out before another is sent', async () => {
    const world = await createWorld({ gate })
    const askedAtMs: number[] = []
    const note = () => askedAtMs.push(world.clock.now())
    world.services.fault('updateEndpoint', 'before', () => {
      if (note() === 1) throw new RetryableError('Cannot update the endpoint: no answer in time')
    })
    world.services.fault('updateEndpoint', 'before', () => void note())
    world.services.answers.with = answerWith([])
    await world.containers.holdouts.putText('contoso/census/held.csv', held)
    await dropped(world)
    await world.play(600)
    expect(await world.run(1)).toMatchObject({ state: 'live' })
    const [first = 0, second = 0] = askedAtMs
    expect(second - first).toBeGreaterThanOrEqual(120_000)
  })

  test('when other hands change it while it is scored, the scores are void', async () => {
    const world = await liveWorld({}, [])
    await dropped(world, april, 'age\n40\n')
    let scores = 0
    world.services.answers.with = (model, row) => {
      const { staging } = world.services
      if (model === staging.answering && ++scores === 100 && staging.description !== 'gone') {
        Object.assign(staging.description.resources[0] ?? {}, { relativeLocation: 'other' })
        staging.answering = 'other'
      }
      return answerWith([])(model, row)
    }
    await world.play(400)
    expect(await timeline(world, 2)).toContain('the staging endpoint names another model')
    expect(await world.run(2)).toMatchObject({ state: 'live' })
  })
})

test('killed at any effect it comes to the same end, and gives the staging endpoint back', async () => {
  const whole = createCrashPlan(-1, 'before')
  await played(whole)
  expect(whole.effects).toBeGreaterThan(100)
  for (let at = 30; at < whole.effects; at += 3) {
    const when = at % 2 === 0 ? 'before' : 'after'
    const world = await played(createCrashPlan(at, when))
    expect(await world.run(1), `${when} effect ${at}`).toMatchObject({ state: 'live', warrant: 'firstModel' })
  }
})

async function played(crash: CrashPlan): Promise<World> {
  const world = await createWorld({ gate: { ...gate, limits: ['holdout AUC >= 0.9'] } }, crash)
  world.services.answers.with = answerWith([])
  await world.containers.holdouts.putText('contoso/census/held.csv', held)
  await dropped(world).catch(() => undefined)
  crash.revive()
  for (let round = 0; round < 12; round++) {
    await world.play(120, 20)
    await world.reconcile()
    const run = await world.run(1).catch(() => undefined)
    crash.revive()
    if (run?.state === 'live' || run?.state === 'rejected') break
  }
  return world
}
