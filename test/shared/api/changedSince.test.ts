import { beforeEach, expect, test } from 'vitest'
import type { ModelKey } from '../../../shared/retraining/names.ts'
import { createWorld, settings, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

let world: World
/** When each customer's head was written last, as a real storage says it; and how often a run was read. */
let written: Record<string, number>
let runReads: number
let api: ReturnType<typeof createApiCalls>

beforeEach(async () => {
  world = await createWorld()
  written = {}
  runReads = 0
  for (const customerId of ['acme', 'busy', 'contoso']) {
    await world.ports.putSettings({ ...settings, customerId })
    const head = { lastGeneration: 1, floor: 1, ...(customerId === 'busy' ? { inFlight: 1 } : { live: 1 }) }
    await world.ports.commit({ customerId, model: 'census' }, { head: { value: head } })
    written[customerId] = world.clock.now()
  }
  world.clock.advance(3_600)
  api = createApiCalls({
    ...world.ports,
    async readHead(key: ModelKey) {
      const head = await world.ports.readHead(key)
      return head && { ...head, modifiedAtMs: written[key.customerId] }
    },
    async readRun(key) {
      runReads++
      return world.ports.readRun(key)
    },
  })
})

const list = async (query = '') => {
  const { body, status } = await api.get(`models${query}`)
  const customers = ((body.items ?? []) as { customerId: string }[]).map(({ customerId }) => customerId)
  return { status, customers, mark: String(body.mark) }
}

test('of a list only what changed since and what is under way is answered again, at one read for the others', async () => {
  const first = await list()
  expect(first.customers).toEqual(['acme', 'busy', 'contoso'])
  world.clock.advance(600)
  runReads = 0
  expect((await list(`?changedSince=${first.mark}`)).customers).toEqual(['busy'])
  expect(runReads).toBe(1)
  written.contoso = world.clock.now()
  expect((await list(`?changedSince=${first.mark}`)).customers).toEqual(['busy', 'contoso'])
  expect((await list(`?changedSince=${first.mark}&customerId=acme`)).customers).toEqual([])
})

test('clocks may differ by a minute', async () => {
  const { mark } = await list()
  written.acme = world.clock.now() - 59_000
  written.contoso = world.clock.now() - 61_000
  expect((await list(`?changedSince=${mark}`)).customers).toEqual(['acme', 'busy'])
})

test('after a pause of the fleet, and after its end, every model may be another', async () => {
  const { mark } = await list()
  await world.ports.putPause({ by: 'ann', reason: 'holiday', atMs: world.clock.now() })
  const paused = await list(`?changedSince=${mark}`)
  expect(paused.customers).toEqual(['acme', 'busy', 'contoso'])
  expect((await list(`?changedSince=${paused.mark}`)).customers).toEqual(['busy'])
  await world.ports.removePause(undefined)
  expect((await list(`?changedSince=${paused.mark}`)).customers).toEqual(['acme', 'busy', 'contoso'])
})

test('a model that is new is answered, also before anything happened to it', async () => {
  const { mark } = await list()
  await world.ports.putSettings({ ...settings, customerId: 'newcomer' })
  expect((await list(`?changedSince=${mark}`)).customers).toEqual(['busy', 'newcomer'])
})

test.each(['x', '1', '1-', '-1-a', '1-A', `1-${'a'.repeat(21)}`])('the mark %s is refused', async (mark) => {
  expect((await list(`?changedSince=${mark}`)).status).toBe(400)
})
