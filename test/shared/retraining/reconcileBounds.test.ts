import { expect, test } from 'vitest'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import { createFleet } from '../../fakes/fleet.ts'
import { createWorld, dropped, limits, march, settings } from '../../fakes/world.ts'

/** Eight calls hang at once, each for a minute. */
const hangSeconds = 60 / 8

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `c${String(index).padStart(3, '0')}`)

test('a training service that does not answer takes a tick no time from others, nor the same slots each time', async () => {
  const customers = names(40)
  const fleet = await createFleet(customers, { maxJobsInFlight: 40, maxJobsPerCustomer: 1 })
  for (const customer of customers) await fleet.drop(customer)
  await fleet.step()
  await fleet.step()
  expect(fleet.running()).toHaveLength(40)
  fleet.clock.advance(limits.slotLeaseSeconds + 1)
  const asked: string[] = []
  fleet.ports.getJob = async (_service, jobId) => {
    asked.push(jobId)
    fleet.clock.advance(hangSeconds)
    throw new RetryableError('Cannot get the job: no answer in time')
  }
  const beganMs = fleet.clock.now()
  await fleet.reconcile()
  expect(fleet.clock.now() - beganMs).toBeLessThan(120_000)
  const first = asked.splice(0)
  fleet.ports.random = () => 0.99
  await fleet.reconcile()
  expect(asked).not.toEqual(first)
})

test('models whose turn takes long keep no model behind them from its own', async () => {
  const customers = names(30)
  const world = await createWorld()
  for (const customerId of customers) await world.ports.putSettings({ ...settings, customerId })
  const seen: string[] = []
  world.ports.listUnclaimed = async ({ customerId }) => {
    seen.push(customerId)
    world.clock.advance(hangSeconds)
    return []
  }
  const tookMs: number[] = []
  for (let ticks = 0; ticks < 8; ticks++) {
    const beganMs = world.clock.now()
    await world.reconcile()
    tookMs.push(world.clock.now() - beganMs)
  }
  expect(Math.max(...tookMs)).toBeLessThan(120_000)
  expect(seen.slice(0, 31)).toEqual([...customers, 'contoso'])
})

test('thousands of drops that came before their customer are taken up in one walk', async () => {
  const world = await createWorld()
  await dropped(world)
  for (const name of names(150)) {
    await dropped(world, `fabrikam/census/${name}.csv`)
  }
  await world.reconcile()
  await world.ports.putSettings({ ...settings, customerId: 'fabrikam' })
  world.clock.advance(3_600)
  await world.reconcile()
  const key = { customerId: 'fabrikam', model: 'census' }
  expect(await world.ports.readPending(key)).toHaveLength(150)
  expect(await world.ports.listUnclaimed(key)).toEqual([])
})

test('webhooks that wait, however many, keep no tick from its end, nor the sweep from its turn', async () => {
  const world = await createWorld()
  await world.containers.trainingData.putText(march, 'age\n39\n')
  let pages = 0
  world.ports.listDeliveries = async () => {
    pages++
    world.clock.advance(1)
    return { items: [], next: pages < 1_000 ? 'more' : undefined }
  }
  await world.reconcile()
  expect(pages).toBeLessThan(50)
  expect(await world.ports.readPending(world.key)).toHaveLength(1)
})
