import { expect, test } from 'vitest'
import { TerminalError } from '../../../shared/retraining/errors.ts'
import type { ManagedEndpoint } from '../../../shared/retraining/predictiveServices.ts'
import { lossOf, planRefresh, refreshModel } from '../../../shared/retraining/refreshModel.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'
import { predictive } from './onboardPlay.ts'

const resource = 'Census Model [trained model]'

/** A world whose model is live with generation 1; what a refresh of its endpoint does is the test's. */
async function liveWorld(refresh: (world: World) => 'refreshed' | 'unchanged') {
  const world = await createWorld({ predictiveService: 'census' })
  await world.ports.putPredictiveService(predictive)
  await dropped(world)
  await world.play(300)
  const published = { names: [resource] }
  const refreshed: string[] = []
  const found = (name: string): ManagedEndpoint | undefined => {
    const { description } = world.services.endpoint
    if (description === 'gone') return undefined
    const resources =
      name === 'default'
        ? published.names.map((one) => ({ name: one, baseLocation: '', relativeLocation: 'deployed' }))
        : structuredClone(description.resources)
    return { ...description, name, resources, scoringUrl: '', key: { reveal: () => '' } }
  }
  const ports = {
    ...world.ports,
    findEndpoint: async (_service: unknown, name: string) => found(name),
    refreshEndpoint: async (_service: unknown, name: string) => {
      refreshed.push(name)
      return refresh(world)
    },
  }
  return { world, ports, published, refreshed, key: world.key }
}

const lose = (world: World) => {
  const { description } = world.services.endpoint
  if (description !== 'gone') for (const one of description.resources) one.relativeLocation = 'deployed'
  return 'refreshed' as const
}

test('the plan names the endpoint and the generation that stays, and changes nothing', async () => {
  const { ports, key, refreshed } = await liveWorld(() => 'refreshed')
  expect(await planRefresh(ports, key)).toMatchObject({ ...key, endpoint: 'contoso', live: 1 })
  expect(refreshed).toEqual([])
})

test('a refresh keeps the model, and the endpoint still answers', async () => {
  const { world, ports, key } = await liveWorld(() => 'refreshed')
  expect(await refreshModel(ports, key)).toEqual({ kind: 'refreshed', model: 'kept', probe: 'answered' })
  await world.play(60)
  expect(world.services.patches).toHaveLength(1)
})

test('an endpoint in step is left as it is', async () => {
  const { ports, key } = await liveWorld(() => 'unchanged')
  expect(await refreshModel(ports, key)).toEqual({ kind: 'unchanged' })
})

test('a model that a refresh took away is put back from the archive', async () => {
  const { world, ports, key } = await liveWorld(lose)
  expect(await refreshModel(ports, key)).toMatchObject({ kind: 'refreshed', model: 'putBack' })
  await world.play(120)
  expect(world.services.patches).toHaveLength(2)
  const [first, second] = world.services.patches
  expect(second?.relativeLocation).toBe(first?.relativeLocation)
})

test('an endpoint whose resource the experiment has no more is left alone, with the reason', async () => {
  const { ports, key, published, refreshed } = await liveWorld(() => 'refreshed')
  published.names = ['Other [trained model]']
  const skipped =
    'the experiment has no resource "Census Model [trained model]" any more, so the model would be lost; it has "Other [trained model]"'
  expect(await planRefresh(ports, key)).toMatchObject({ skipped })
  expect(await refreshModel(ports, key)).toEqual({ kind: 'refused', reason: skipped })
  expect(refreshed).toEqual([])
})

test('a probe row that is not answered afterwards is said', async () => {
  const { ports, key } = await liveWorld(() => 'refreshed')
  const score = async () => {
    throw new TerminalError('Cannot score: 400 there is no column age')
  }
  expect(await refreshModel({ ...ports, score }, key)).toMatchObject({
    probe: 'failed',
    reason: expect.stringContaining('no column age'),
  })
})

const losses: [
  when: string,
  published: Pick<ManagedEndpoint, 'resources'> | undefined,
  reason: RegExp | undefined,
][] = [
  ['there is none', undefined, undefined],
  ['it has the resource', { resources: [{ name: 'R', baseLocation: '', relativeLocation: '' }] }, undefined],
  ['it has no resource at all', { resources: [] }, /it has none$/],
]
test.each(losses)('lossOf the default endpoint when %s', (_when, published, reason) => {
  const loss = lossOf('R', published)
  if (reason === undefined) expect(loss).toBeUndefined()
  else expect(loss).toMatch(reason)
})
