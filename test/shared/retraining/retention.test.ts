import { expect, test } from 'vitest'
import { emptyHead, type Head } from '../../../shared/retraining/head.ts'
import { keepAll, outlived, type RetentionSettings } from '../../../shared/retraining/retention.ts'
import { rollback } from '../../../shared/retraining/rollback.ts'
import type { Run } from '../../../shared/retraining/run.ts'
import { planRetention, workRetention } from '../../../shared/retraining/workRetention.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'

const dayMs = 86_400_000
const settings: RetentionSettings = {
  ...keepAll,
  trainingSetsDays: 1,
  modelsDays: 1,
  modelsKept: 2,
  runsDays: 1,
}
const nowMs = 100 * dayMs
const file = { name: 'contoso/census/1/model', sizeBytes: 1, sha256: 'a' }
const old: Run = {
  ...{ customerId: 'contoso', model: 'census', generation: 5, state: 'superseded', attempt: 1 },
  ...{ platformFailures: 0, manifest: 'm', trainingService: 's', openedAtMs: 0, updatedAtMs: 0 },
  ...{ endedAtMs: 90 * dayMs, archive: { model: file, evaluation: file }, timeline: [] },
}
const head: Head = { ...emptyHead, lastGeneration: 9, live: 8, floor: 8 }
const nothing = { trainingSet: false, model: false, row: false }
const everything = { trainingSet: true, model: true, row: true }

const cases: [when: string, run: Partial<Run>, head: Partial<Head>, then: object][] = [
  ['an old one that nobody names', {}, {}, everything],
  ['a young one', { endedAtMs: nowMs - dayMs }, {}, nothing],
  ['one under way', { state: 'training' }, {}, nothing],
  ['one that waits for approval', { state: 'awaitingApproval' }, {}, nothing],
  ['the live one', {}, { live: 5 }, nothing],
  ['the pinned one', {}, { pin: { generation: 5, by: 'a', reason: 'b', atMs: 0 } }, nothing],
  ['the last one opened', {}, { lastGeneration: 5 }, nothing],
  ['one that is claimed', {}, { claim: { generation: 5, attempt: 1, owner: '', untilAtMs: 0 } }, nothing],
  ['an approved one', {}, { approved: [5] }, nothing],
  ['one whose drops are being marked', {}, { marksOf: 5 }, nothing],
  ['one that was ever live keeps its row', { liveAtMs: dayMs }, {}, { ...everything, row: false }],
  ['one without a model', { archive: undefined }, {}, { ...everything, model: false }],
]
test.each(cases)('outlived: %s', (_when, run, change, then) => {
  const around = { head: { ...head, ...change }, rollbackTargets: new Set<number>(), trainedLast: 9 }
  expect(outlived({ ...old, ...run }, around, settings, nowMs)).toEqual(then)
})

test('outlived: a model that a rollback may want stays, and so does the set that the next one may join', () => {
  const around = { head, rollbackTargets: new Set([5]), trainedLast: 5 }
  expect(outlived(old, around, settings, nowMs)).toEqual(nothing)
  expect(outlived(old, { ...around, trainedLast: 9 }, keepAll, nowMs)).toEqual(nothing)
})

/** A model with so many live generations, a day apart. */
async function grown(count: number, trainingData: 'latest' | 'append' = 'latest'): Promise<World> {
  const world = await createWorld({ trainingData, appendDrops: 3 })
  for (let at = 1; at <= count; at++) {
    await dropped(world, `contoso/census/${at}.csv`, `age\n${at}\n`)
    await world.play(300)
    world.clock.advance(86_400)
  }
  return world
}

const kept = (world: World) => ({ ...world.ports, retention: settings })

async function names(world: World): Promise<string[]> {
  const { trainingSets, models } = world.containers
  const lists = await Promise.all([trainingSets, models].map((each) => each.list('', { size: 500 })))
  return lists.flatMap(({ blobs }) => blobs.map(({ name }) => name))
}

test('a plan removes nothing, and the tick removes what the plan said', async () => {
  const world = await grown(6)
  const before = await names(world)
  const { removals } = await planRetention(kept(world), undefined)
  expect(await names(world)).toEqual(before)
  await workRetention(kept(world))
  const gone = removals.flatMap((removal) => removal.names)
  expect(gone.length).toBeGreaterThan(6)
  expect(await names(world)).toEqual(before.filter((name) => !gone.includes(name)))
  expect((await planRetention(kept(world), undefined)).removals).toEqual([])
})

test('the last models that were live can be rolled back to, older ones are refused in words', async () => {
  const world = await grown(6)
  await workRetention(kept(world))
  const order = { by: 'zoe', reason: 'test' }
  expect(await rollback(world.ports, world.key, { ...order, to: 2 })).toMatchObject({
    kind: 'refused',
  })
  const back = await rollback(world.ports, world.key, { ...order, to: 5 })
  expect(back).not.toMatchObject({ kind: 'refused' })
  await world.play(300)
  expect((await world.head())?.live).toBe(5)
})

test('what an append model joins again is there, generation after generation', async () => {
  const world = await grown(3, 'append')
  for (let at = 4; at <= 9; at++) {
    await workRetention(kept(world))
    await dropped(world, `contoso/census/${at}.csv`, `age\n${at}\n`)
    await world.play(300)
    world.clock.advance(86_400)
    const run = await world.run(at)
    expect(run?.state).toBe('live')
    expect(world.containers.trainingSets.text(run?.input?.name ?? '')).toBe(
      `age\n${at - 2}\n${at - 1}\n${at}\n`,
    )
  }
  const copies = (await names(world)).filter((name) => name.includes('/drops/'))
  expect(copies.length).toBeLessThan(7)
})

test('a tick that ends in between is gone on with, and removes no more than the plan said', async () => {
  const world = await grown(5)
  const planned = (await planRetention(kept(world), undefined)).removals.flatMap((removal) => removal.names)
  const before = await names(world)
  let calls = 0
  const dying = {
    ...kept(world),
    removeTrainingSet: async () => Promise.reject(new Error(`the worker died ${++calls}`)),
  }
  await workRetention(dying)
  expect(await names(world)).toEqual(before)
  await workRetention(kept(world))
  expect(calls).toBeGreaterThan(0)
  expect(await names(world)).toEqual(before.filter((name) => !planned.includes(name)))
})

test('a rollback at the same moment wins: its model stays', async () => {
  const world = await grown(6)
  const order = { by: 'zoe', reason: 'test' }
  let isFirst = true
  const racing = {
    ...kept(world),
    async commit(...given: Parameters<World['ports']['commit']>) {
      if (isFirst) {
        isFirst = false
        await rollback(world.ports, world.key, { ...order, to: given[1].runs?.[0]?.value.generation ?? 0 })
      }
      return world.ports.commit(...given)
    },
  }
  await workRetention(racing)
  const pin = (await world.head())?.pin?.generation ?? 0
  expect(pin).toBeGreaterThan(0)
  await world.play(600)
  expect((await world.head())?.live).toBe(pin)
})

test('dead letters that were sent again or put aside, settled unclaimed drops and audit entries go after their time; open ones stay', async () => {
  const world = await createWorld()
  const letter = { source: 'runs', reason: 'x', body: '{}', atMs: world.clock.now() }
  for (const id of ['open', 'sent', 'aside']) await world.ports.recordDeadLetter({ ...letter, id })
  const { letters } = await world.ports.readDeadLetters({ size: 5 })
  await world.ports.markResent(letters[0]?.id ?? '', world.clock.now())
  await world.ports.markDismissed(letters[1]?.id ?? '', world.clock.now())
  await dropped(world, 'fabrikam/census/a.csv')
  const begun = {
    what: 'test',
    target: 't',
    by: 'b',
    reason: 'r',
    requestId: 'q',
    beganAtMs: world.clock.now(),
  }
  await world.ports.beginAudit(begun)
  world.clock.advance(2 * 86_400)
  await world.ports.beginAudit({ ...begun, beganAtMs: world.clock.now() })
  const retention = { ...keepAll, deadLettersDays: 1, unclaimedDays: 1, auditDays: 1 }
  await workRetention({ ...world.ports, retention })
  expect((await world.ports.readDeadLetters({ size: 5 })).letters).toHaveLength(1)
  expect((await world.ports.readUnclaimed({ size: 5 })).drops).toHaveLength(1)
  expect((await world.ports.listAudit({ size: 5 })).items).toHaveLength(1)
})

test('landed blobs go only where a setting says so, and only ones that a generation has copied', async () => {
  const world = await grown(2)
  await world.containers.trainingData.putText('fabrikam/census/x.csv', 'age\n1\n')
  await world.containers.trainingData.putText('contoso/census/new.csv', 'age\n1\n')
  world.clock.advance(3 * 86_400)
  await workRetention(kept(world))
  expect((await world.containers.trainingData.list('', { size: 9 })).blobs).toHaveLength(4)
  await workRetention({ ...world.ports, retention: { ...keepAll, dropsDays: 1 } })
  const left = (await world.containers.trainingData.list('', { size: 9 })).blobs.map(({ name }) => name)
  expect(left).toEqual(['contoso/census/new.csv', 'fabrikam/census/x.csv'])
})
