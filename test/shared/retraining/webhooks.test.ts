import { describe, expect, test } from 'vitest'
import { resendLetter } from '../../../shared/retraining/resendLetter.ts'
import type { ModelSettings } from '../../../shared/retraining/settings.ts'
import { nextAttemptSeconds } from '../../../shared/retraining/webhook.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'

const own = { url: 'https://contoso.example/hook', secret: 'env:CONTOSO_HOOK' }
const limits = (limit: string, approval: 'never' | 'always' = 'never'): ModelSettings['gate'] => ({
  kind: 'limits',
  limits: [limit],
  approval,
})
const types = (world: World) => world.services.receiver.posts.map(({ event }) => event.type)
const deliveries = async (world: World) => (await world.ports.listDeliveries(undefined)).items

describe('what is told', () => {
  test.each([
    ['live', {}, 'retraining.run.live'],
    ['rejected', { gate: limits('AUC >= 0.99') }, 'retraining.run.rejected'],
    ['waiting', { gate: limits('AUC >= 0.5', 'always') }, 'retraining.run.awaiting-approval'],
  ])('a run that is %s, as a CloudEvent with a stable id', async (_name, overrides, type) => {
    const world = await createWorld({ ...overrides, webhook: own })
    await dropped(world)
    await world.play(300)
    const { posts } = world.services.receiver
    expect(posts).toHaveLength(1)
    expect(posts[0]).toMatchObject({
      webhook: own,
      event: { specversion: '1.0', type, subject: 'contoso/census/1', data: { generation: 1 } },
    })
    expect(posts[0]?.id).toBe(posts[0]?.event.id)
    expect(await deliveries(world)).toEqual([])
    expect((await world.head())?.untold).toBeUndefined()
  })

  test('a failed run, to the fleet’s webhook too; the third in a row also quarantines the model', async () => {
    const world = await createWorld({ webhook: own, gate: limits('AUC >= 0.99') })
    await world.ports.putFleetWebhook({ url: 'https://ops.example/', secret: 'env:OPS' })
    for (const day of [1, 2, 3]) {
      await dropped(world, `contoso/census/day${day}.csv`, `age\n${day}\n`)
      await world.play(200)
    }
    expect(types(world).filter((type) => type === 'retraining.run.rejected')).toHaveLength(6)
    expect(types(world).filter((type) => type === 'retraining.model.quarantined')).toHaveLength(2)
  })

  test('nothing is sent, and nothing is left, without a webhook', async () => {
    const world = await createWorld()
    await dropped(world)
    await world.play(300)
    expect(world.services.receiver.posts).toEqual([])
    expect((await world.head())?.untold).toBeUndefined()
  })

  test.each(['tell', 'send'])('what a lost %s message left behind is told by reconcile', async (lost) => {
    const world = await createWorld({ webhook: own })
    const queue = world.queues.webhooks
    const { send } = queue
    queue.send = async (body, seconds) =>
      (body as { kind: string }).kind === lost ? undefined : send(body, seconds)
    await dropped(world)
    await world.play(300)
    expect(await world.head()).toMatchObject({ live: 1 })
    expect(world.services.receiver.posts).toEqual([])
    queue.send = send
    await world.reconcile()
    await world.play(10)
    expect(types(world)).toEqual(['retraining.run.live'])
    expect((await world.head())?.untold).toBeUndefined()
    expect(await deliveries(world)).toEqual([])
  })
})

describe('a receiver that does not accept', () => {
  async function live(outcomes: World['services']['receiver']['outcomes']): Promise<World> {
    const world = await createWorld({ webhook: own })
    world.services.receiver.outcomes.push(...outcomes)
    await dropped(world)
    await world.play(200)
    return world
  }
  const refused = { kind: 'refused', reason: 'HTTP 500' } as const

  test('is tried again after 5 seconds, then minutes, with the same id', async () => {
    const world = await live([refused, refused])
    const { posts } = world.services.receiver
    expect(posts).toHaveLength(2)
    expect(await deliveries(world)).toMatchObject([{ value: { attempts: 2, lastReason: 'HTTP 500' } }])
    await world.play(400)
    expect(posts).toHaveLength(3)
    expect(new Set(posts.map(({ id }) => id)).size).toBe(1)
    expect(await deliveries(world)).toEqual([])
    expect(await world.ports.readTrouble(world.key)).toBeUndefined()
  })

  test('says when it may be asked again', async () => {
    const world = await live([{ ...refused, retryAfterSeconds: 3_600 }])
    await world.play(3_000, 100)
    expect(world.services.receiver.posts).toHaveLength(1)
    await world.play(1_200, 100)
    expect(world.services.receiver.posts).toHaveLength(2)
  })

  test('and answers 410 is asked no more until its webhook is set anew', async () => {
    const world = await live([{ kind: 'gone' }])
    await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
    await world.play(300)
    expect(world.services.receiver.posts).toHaveLength(1)
    expect(await world.ports.readTrouble(world.key)).toMatchObject({ reason: /410/, url: own.url })
    await world.ports.putSettings({ ...(await settingsOf(world)), webhook: { ...own, url: `${own.url}/2` } })
    await dropped(world, 'contoso/census/may.csv', 'age\n41\n')
    await world.play(300)
    expect(world.services.receiver.posts).toHaveLength(2)
  })

  test('for days becomes a dead letter, which can be sent again', async () => {
    const world = await live(Array.from({ length: 40 }, () => refused))
    await world.play(5 * 86_400, 3_600)
    const { letters } = await world.ports.readDeadLetters({ size: 10 })
    expect(letters).toMatchObject([{ source: 'webhooks', customerId: 'contoso' }])
    expect(world.services.receiver.posts).toHaveLength(10)
    world.services.receiver.outcomes.length = 0
    expect(await resendLetter(world.ports, letters[0]?.id ?? '')).toEqual({ kind: 'sent' })
    await world.play(20)
    expect(world.services.receiver.posts).toHaveLength(11)
    expect(await deliveries(world)).toEqual([])
  })

  test('is not asked by each of many events: they wait for it, and go when it is back', async () => {
    const world = await createWorld({ webhook: own })
    world.services.receiver.outcomes.push(refused, refused, refused, refused)
    for (const day of [1, 2, 3, 4, 5]) {
      await dropped(world, `contoso/census/day${day}.csv`, `age\n${day}\n`)
      await world.play(150)
    }
    expect(world.services.receiver.posts.length).toBeLessThan(6)
    await world.play(4 * 3_600, 60)
    const accepted = new Set(world.services.receiver.posts.slice(4).map(({ id }) => id))
    expect(accepted.size).toBe(5)
    expect(await deliveries(world)).toEqual([])
  })
})

test('the schedule goes from seconds to a day, a fifth later at most', () => {
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempts) => nextAttemptSeconds(attempts, 0))
  expect(all).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400])
  expect(nextAttemptSeconds(10, 0)).toBeUndefined()
  expect(nextAttemptSeconds(1, 1)).toBe(6)
  expect(nextAttemptSeconds(1, 0, 60)).toBe(60)
})

async function settingsOf(world: World): Promise<ModelSettings> {
  const found = await world.ports.readSettings(world.key)
  if (found === undefined) throw new Error('no settings')
  return found
}
