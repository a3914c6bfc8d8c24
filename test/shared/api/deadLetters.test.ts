import { beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

let world: World
let api: ReturnType<typeof createApiCalls>

beforeEach(async () => {
  world = await createWorld()
  api = createApiCalls(world.ports)
  const body = JSON.stringify({ v: 1, customerId: 'contoso', model: 'census' })
  for (const id of ['a', 'b', 'c']) {
    await world.ports.recordDeadLetter({ source: 'start-requests', id, reason: 'crashed', body, atMs: 0 })
  }
  await world.ports.recordDeadLetter({ source: 'elsewhere', id: 'd', reason: 'odd', body: '{}', atMs: 0 })
})

const open = async () =>
  (await api.get('dead-letters?open=true')).body.items as { id: string; source: string }[]

test('a canary sends the first few and says what became of each', async () => {
  const { status, body } = await api.post('dead-letters/redrive', { canary: 2 })
  expect(status).toBe(200)
  expect(body.sent).toHaveLength(2)
  expect(await open()).toHaveLength(
    4 - (body.sent as { outcome: string }[]).filter((one) => one.outcome === 'sent').length,
  )
})

test('all sends every one that was not sent yet; one that is refused stops no other', async () => {
  const { body } = await api.post('dead-letters/redrive', { all: true })
  const outcomes = (body.sent as { outcome: string }[]).map(({ outcome }) => outcome).sort()
  expect(outcomes).toEqual(['refused', 'sent', 'sent', 'sent'])
  expect(await open()).toMatchObject([{ source: 'elsewhere' }])
  expect(await world.queues.startRequests.count()).toBe(3)
})

test('one is sent by its id, once', async () => {
  const id = (await open()).find(({ source }) => source === 'start-requests')?.id ?? ''
  expect(await api.post(`dead-letters/${id}/redrive`)).toMatchObject({
    status: 200,
    body: { outcome: 'sent' },
  })
  expect(await api.post(`dead-letters/${id}/redrive`)).toMatchObject({ body: { outcome: 'again' } })
  expect(await world.queues.startRequests.count()).toBe(1)
})

test('one that cannot be sent is refused with the reason, and an unknown one is not found', async () => {
  const odd = (await open()).find(({ source }) => source === 'elsewhere')?.id ?? ''
  expect(await api.post(`dead-letters/${odd}/redrive`)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('nothing takes letters of elsewhere') },
  })
  expect(await api.post(`dead-letters/${'0'.repeat(64)}/redrive`)).toMatchObject({ status: 404 })
})

test.each([[{}], [{ all: true, canary: 1 }], [{ canary: 0 }], [{ all: false }], [{ some: 1 }]])(
  'redrive of %j is refused',
  async (body) => {
    expect(await api.post('dead-letters/redrive', body)).toMatchObject({ status: 400 })
  },
)

test('a training service that was paused is resumed, and an unknown one is not found', async () => {
  const health = {
    failures: [],
    paused: { sinceAtMs: 0, reason: 'down', cause: 'calls', probes: 0, probeAtMs: 0, firstMs: 1 },
  } as const
  await world.ports.writeHealth('census training', { value: health })
  const path = 'services/training/census%20training/resume'
  expect(await api.post(path)).toMatchObject({ status: 200, body: { outcome: 'resumed' } })
  expect(await api.post(path)).toMatchObject({ body: { outcome: 'unchanged' } })
  expect(await api.post('services/training/none/resume')).toMatchObject({ status: 404 })
})

test('the newest of a page comes first', async () => {
  const atMs = [5, 1, 9, 3, 7]
  for (const each of atMs) {
    await world.ports.recordDeadLetter({ source: 'x', id: `at${each}`, reason: 'r', body: '{}', atMs: each })
  }
  const { items } = (await api.get('dead-letters')).body as { items: { recordedAt: string }[] }
  const times = items.map(({ recordedAt }) => Date.parse(recordedAt))
  expect(times.slice(0, 5)).toEqual([9, 7, 5, 3, 1])
})

test('one that needs nothing any more is put aside: listed, not open, and not sent with all', async () => {
  const odd = (await open()).find(({ source }) => source === 'elsewhere') as { id: string } | undefined
  const dismiss = (id: string) => api.post(`dead-letters/${id}/dismiss`)
  expect(await dismiss(odd?.id ?? '')).toMatchObject({ status: 200, body: { outcome: 'dismissed' } })
  expect(await dismiss(odd?.id ?? '')).toMatchObject({ status: 200, body: { outcome: 'again' } })
  expect(await dismiss('0'.repeat(64))).toMatchObject({ status: 404, body: { code: 'no-such-letter' } })
  expect((await open()).map(({ source }) => source)).not.toContain('elsewhere')
  const all = (await api.get('dead-letters')).body.items as object[]
  expect(all).toContainEqual(
    expect.objectContaining({ source: 'elsewhere', dismissedAt: expect.any(String) }),
  )
  expect((await api.post('dead-letters/redrive', { all: true })).body.sent).toHaveLength(3)
  expect((await api.get('fleet')).body.deadLetters).toEqual({ count: 0, more: false })
})
