import { describe, expect, test } from 'vitest'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import { createFleet } from '../../fakes/fleet.ts'

const customers = ['ann', 'bob', 'cid', 'dan', 'eve']

describe('caps', () => {
  test('no more jobs run than the service may have, and the one that waits longest is next', async () => {
    const fleet = await createFleet(customers, { maxJobsInFlight: 2, maxJobsPerCustomer: 1 })
    for (const customer of customers) await fleet.drop(customer)
    for (let passed = 0; passed < 600; passed += 5) {
      await fleet.play(5, 5)
      expect(fleet.running().length).toBeLessThanOrEqual(2)
    }
    expect(fleet.started()).toEqual(customers.map((customer) => `${customer}/census`))
    for (const customer of customers) expect((await fleet.run(customer))?.archive).toBeDefined()
    expect(await fleet.slots()).toEqual([])
    expect(await fleet.line()).toEqual([])
  })

  test('a customer at its own cap lets others pass', async () => {
    const caps = { maxJobsInFlight: 3, maxJobsPerCustomer: 1 }
    const fleet = await createFleet(['ann', 'bob'], caps, ['census', 'churn'])
    await fleet.drop('ann', 'census')
    await fleet.drop('ann', 'churn')
    await fleet.drop('bob', 'census')
    await fleet.step()
    expect(fleet.started()).toEqual(['ann/census', 'bob/census'])
    expect(await fleet.line()).toEqual(['ann'])
    await fleet.play(300)
    expect(fleet.started()).toEqual(['ann/census', 'bob/census', 'ann/churn'])
  })

  test('a start that is put off gives its slot to the next in line', async () => {
    const fleet = await createFleet(['ann', 'bob'], { maxJobsInFlight: 1 })
    fleet.services.fault('submitJob', 'before', () => {
      throw new RetryableError('Cannot submit: 503', { retryAfterSeconds: 120 })
    })
    await fleet.drop('ann')
    await fleet.drop('bob')
    await fleet.step()
    expect(fleet.started()).toEqual(['bob/census'])
    await fleet.play(400)
    expect(fleet.started()).toEqual(['bob/census', 'ann/census'])
  })

  test('an endpoint that cannot be updated gives its slot back', async () => {
    const fleet = await createFleet(['ann', 'bob'], { maxJobsInFlight: 1 })
    fleet.services.fault('describeEndpoint', 'before', () => {
      Object.assign(fleet.services.endpoint.description, { isDefault: true })
    })
    await fleet.drop('ann')
    await fleet.step()
    expect(await fleet.run('ann')).toMatchObject({ state: 'failed' })
    expect(await fleet.slots()).toEqual([])
  })
})

describe('slots of workers that are gone', () => {
  test('a running job keeps its slot after the lease, whatever the time', async () => {
    const fleet = await createFleet(['ann', 'bob'], { maxJobsInFlight: 1 })
    await fleet.drop('ann')
    await fleet.step()
    const [job] = fleet.running()
    if (job !== undefined) job.readyAtMs = Number.POSITIVE_INFINITY
    await fleet.drop('bob')
    await fleet.step()
    fleet.clock.advance(301)
    await fleet.reconcile()
    expect(fleet.running()).toHaveLength(1)
    expect(await fleet.line()).toEqual(['bob'])
    expect((await fleet.slots())[0]?.leaseUntilAtMs).toBeGreaterThan(fleet.clock.now())
  })

  test('the slot of a job that is over is free once its lease ran out, though nobody polled', async () => {
    const fleet = await createFleet(['ann', 'bob'], { maxJobsInFlight: 1 })
    await fleet.drop('ann')
    await fleet.step()
    await fleet.drop('bob')
    fleet.queues.trainingJobs.clear()
    await fleet.step()
    fleet.clock.advance(301)
    await fleet.reconcile()
    await fleet.step()
    expect(fleet.started()).toEqual(['ann/census', 'bob/census'])
  })

  test('a place that no run names is free again', async () => {
    const fleet = await createFleet(['ann'], { maxJobsInFlight: 1 })
    await fleet.drop('ann')
    const [service, nowMs] = ['census training', fleet.clock.now()]
    const lost = { customerId: 'bob', model: 'census', generation: 9, token: 'lost', number: 1, share: 1 }
    await fleet.ports.takeSlot(service, { ...lost, leaseUntilAtMs: nowMs + 10_000 })
    await fleet.step()
    expect(await fleet.line()).toEqual(['ann'])
    fleet.clock.advance(11)
    await fleet.reconcile()
    await fleet.step()
    expect(fleet.started()).toEqual(['ann/census'])
  })

  test('a run that names a slot it never got takes a place before it submits', async () => {
    const fleet = await createFleet(['ann', 'bob'], { maxJobsInFlight: 1 })
    await fleet.drop('ann')
    await fleet.step()
    await fleet.drop('bob')
    await fleet.step()
    const key = { customerId: 'bob', model: 'census', generation: 1 }
    const stored = await fleet.ports.readRun(key)
    if (stored === undefined) throw new Error('no run')
    const run = { ...stored.value, slot: 'announced' }
    await fleet.ports.commit(key, { runs: [{ value: run, etag: stored.etag }] })
    await fleet.ports.sendStart({ v: 1, customerId: 'bob', model: 'census' }, 0)
    await fleet.step()
    expect(fleet.started()).toEqual(['ann/census'])
    await fleet.play(120)
    expect(fleet.started()).toEqual(['ann/census', 'bob/census'])
  })

  test('a job that gave up but still runs keeps its slot until it is over', async () => {
    const fleet = await createFleet(['ann', 'bob'], { maxJobsInFlight: 1 })
    await fleet.drop('ann')
    await fleet.step()
    const key = { customerId: 'ann', model: 'census', generation: 1 }
    const stored = await fleet.ports.readRun(key)
    const [job] = fleet.running()
    if (stored === undefined || job === undefined) throw new Error('no run')
    job.readyAtMs = Number.POSITIVE_INFINITY
    const failed = { ...stored.value, state: 'failed' as const, poll: undefined }
    await fleet.ports.commit(key, { runs: [{ value: failed, etag: stored.etag }] })
    await fleet.drop('bob')
    await fleet.step()
    expect(await fleet.line()).toEqual(['bob'])
    fleet.clock.advance(301)
    await fleet.reconcile()
    expect(job.status).toEqual({ status: 'Cancelled' })
    await fleet.step()
    expect(fleet.started()).toEqual(['ann/census', 'bob/census'])
  })
})
