import { expect, test } from 'vitest'
import { readHealth } from '../../../shared/retraining/readHealth.ts'
import { ticked } from '../../../shared/retraining/ticks.ts'
import { createWorld, dropped, service, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

type Ports = World['ports']

async function healthOf(world: World, overrides: Partial<Ports> = {}, query = '') {
  const answer = await createApiCalls({ ...world.ports, ...overrides }).get(`health${query}`)
  const checks = answer.body.checks as { name: string; status: string; value: string; remedy?: string }[]
  return { ...answer, of: (name: string) => checks.find((check) => check.name === name), checks }
}

async function healthyWorld(): Promise<World> {
  const world = await createWorld()
  await ticked(world.ports, 'pollJobs', async () => undefined)
  await ticked(world.ports, 'reconcile', async () => undefined)
  await ticked(world.ports, 'schedules', async () => undefined)
  return world
}

test('a healthy app is ok, in two calls; deep it looks at everything', async () => {
  const world = await healthyWorld()
  const quick = await healthOf(world)
  expect(quick).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(quick.checks.map(({ name }) => name)).toEqual([
    'storage',
    'clock',
    'last-poll',
    'last-reconcile',
    'last-schedules',
  ])
  const deep = await healthOf(world, {}, '?deep=true')
  expect(deep).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(deep.checks).toHaveLength(16)
})

test('an app whose jobs are not polled is broken: 503 with the remedy', async () => {
  const world = await healthyWorld()
  world.clock.advance(16 * 60)
  const health = await healthOf(world)
  expect(health).toMatchObject({ status: 503, body: { status: 'broken' } })
  expect(health.of('last-poll')).toMatchObject({
    status: 'broken',
    value: expect.stringContaining('16 min ago'),
  })
  expect(health.of('last-poll')?.remedy).toContain('pollJobs')
})

test('a timer that fails leaves its last good tick', async () => {
  const world = await healthyWorld()
  const atMs = world.clock.now()
  world.clock.advance(60)
  const failing = ticked(world.ports, 'pollJobs', async () => Promise.reject(new Error('no storage')))
  await expect(failing).rejects.toThrow('no storage')
  expect(await world.ports.readTicks()).toContainEqual({ name: 'pollJobs', endedAtMs: atMs, tookMs: 0 })
})

test('storage that does not answer is broken, and nothing is thrown', async () => {
  const world = await healthyWorld()
  const fail = async () => Promise.reject(new Error('Cannot ask storage for its time: ENOTFOUND ?sig=abc'))
  const health = await healthOf(world, { readStorageClock: fail })
  expect(health.status).toBe(503)
  expect(health.of('storage')).toMatchObject({ status: 'broken' })
  expect(JSON.stringify(health.body)).not.toContain('abc')
})

const found: [name: string, status: string, overrides: Partial<Ports>, value: string][] = [
  [
    'clock',
    'degraded',
    { readStorageClock: async () => Date.UTC(2026, 0, 1) + 90_000 },
    '90 s behind storage',
  ],
  [
    'clock',
    'broken',
    { readStorageClock: async () => Date.UTC(2026, 0, 1) - 900_000 },
    '900 s ahead of storage',
  ],
  [
    'poison',
    'degraded',
    { readQueues: async () => [{ name: 'start-requests', messages: 0, poison: 2 }] },
    'start-requests 2',
  ],
  [
    'backlog',
    'degraded',
    { readQueues: async () => [{ name: 'training-jobs', messages: 20_000, poison: 0 }] },
    'training-jobs 20000',
  ],
  [
    ...(['queue-age', 'degraded'] as const),
    {
      readQueues: async () => [
        { name: 'training-data-events', messages: 1, poison: 0, oldestSentAtMs: Date.UTC(2025, 11, 31) },
      ],
    },
    'training-data-events 24 h',
  ],
  [
    ...(['settings', 'degraded'] as const),
    {
      readHost: async () => ({
        hints: [{ text: 'KEY_VAULT_URI is missing', remedy: 'set it' }],
        nodeVersion: '24',
        freeDiskBytes: 1e12,
      }),
    },
    'KEY_VAULT_URI is missing',
  ],
  [
    'host',
    'degraded',
    { readHost: async () => ({ hints: [], nodeVersion: '24', freeDiskBytes: 1e6 }) },
    'Node 24, 1 MB free',
  ],
  [
    ...(['secrets', 'broken'] as const),
    {
      tryReference: async (reference: string) =>
        Promise.reject(new Error(`Cannot resolve the secret ${reference}`)),
    },
    '2 of 2 do not resolve',
  ],
]
test.each(found)('deep: %s is %s', async (name, status, overrides, value) => {
  const health = await healthOf(await healthyWorld(), overrides, '?deep=true')
  expect(health.of(name)).toMatchObject({ status, value: expect.stringContaining(value) })
  expect(health.of(name)?.remedy).toBeTruthy()
})

test('what waits for a person is counted: unclaimed drops, dead letters, drift, paused services, stuck runs', async () => {
  const world = await healthyWorld()
  await dropped(world, 'fabrikam/census/a.csv')
  await dropped(world)
  await world.play(30)
  world.services.fault('getJob', 'before', () => Promise.reject(new Error('down')))
  const atMs = world.clock.now()
  await world.ports.recordDeadLetter({ source: 'runs', id: '1', reason: 'x', body: '{}', atMs })
  await world.ports.writeDrift({ ...world.key, foundAtMs: atMs })
  const board = await world.ports.readSlots(service.name)
  const pause = {
    sinceAtMs: atMs,
    reason: 'no such key',
    cause: 'calls',
    probes: 0,
    probeAtMs: atMs,
    firstMs: 1,
  } as const
  await world.ports.writeHealth(service.name, {
    value: { failures: [], paused: pause },
    etag: board.health?.etag,
  })
  world.clock.advance(26 * 3600)
  const { checks } = await readHealth(world.ports, true)
  const values = Object.fromEntries(checks.map(({ name, value }) => [name, value]))
  expect(values).toMatchObject({
    unclaimed: '1',
    'dead-letters': '1',
    'stuck-runs': '1: contoso/census/1',
    services: '1: census training for 26 h: no such key',
    drift: 'none',
  })
})
