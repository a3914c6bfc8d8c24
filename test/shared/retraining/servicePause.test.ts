import { describe, expect, test } from 'vitest'
import { cancelRun } from '../../../shared/retraining/cancelRun.ts'
import { RetryableError } from '../../../shared/retraining/errors.ts'
import { grantSlots } from '../../../shared/retraining/grantSlots.ts'
import { resumeService } from '../../../shared/retraining/resumeService.ts'
import { CredentialRefused } from '../../../shared/retraining/services.ts'
import { createFleet } from '../../fakes/fleet.ts'
import { service } from '../../fakes/world.ts'

const refused = () => {
  throw new CredentialRefused('Cannot submit the job: 401 Unauthorized')
}
const busy = () => {
  throw new RetryableError('Cannot submit the job: 503')
}

async function brokenFleet(failure: () => never, times: number, customers = ['ann', 'bob', 'cid']) {
  const fleet = await createFleet(customers, { maxJobsInFlight: 40 })
  for (let count = 0; count < times; count++) fleet.services.fault('submitJob', 'before', failure)
  for (const customer of customers) await fleet.drop(customer)
  const paused = async () => (await fleet.ports.readSlots(service.name)).health?.value.paused
  return { ...fleet, paused }
}

describe('a training service that fails', () => {
  test('five failures in a row of several customers pause it: runs wait and nobody fails', async () => {
    const fleet = await brokenFleet(busy, 5)
    await fleet.play(120)
    expect((await fleet.paused())?.reason).toContain('5 failures in a row, of 3 customers')
    expect(fleet.started()).toEqual([])
    for (const customer of ['ann', 'bob', 'cid']) {
      expect(await fleet.run(customer)).toMatchObject({ state: 'queued', platformFailures: 0 })
    }
    expect((await fleet.line()).sort()).toEqual(['ann', 'bob', 'cid'])
  })

  test('it is tried out by one run, and goes on by itself', async () => {
    const fleet = await brokenFleet(busy, 6)
    await fleet.play(120)
    const submits = () => fleet.services.calls.filter((call) => call === 'submitJob').length
    const before = submits()
    await fleet.play(330, 5)
    expect(submits()).toBe(before + 1)
    expect(await fleet.paused()).toMatchObject({ probes: 1 })
    await fleet.play(1_200)
    expect(await fleet.paused()).toBeUndefined()
    expect(fleet.started().sort()).toEqual(['ann/census', 'bob/census', 'cid/census'])
  })

  test('failures of one customer only pause nothing', async () => {
    const fleet = await brokenFleet(busy, 5, ['ann'])
    await fleet.play(1_200)
    expect(await fleet.paused()).toBeUndefined()
    expect(fleet.started()).toEqual(['ann/census'])
  })

  test('jobs that fail of the platform pause it, and cost no run its last attempt', async () => {
    const customers = ['ann', 'bob', 'cid', 'dan', 'eve', 'flo']
    const fleet = await brokenFleet(busy, 0, customers)
    await fleet.step()
    for (const id of [...fleet.services.jobs.keys()]) fleet.services.fail(id, 'InternalError: no worker')
    await fleet.play(60)
    expect(await fleet.paused()).toMatchObject({ cause: 'jobs' })
    const failures = await Promise.all(customers.map(async (one) => (await fleet.run(one))?.platformFailures))
    expect(failures.filter((count) => count === 0)).toHaveLength(2)
    await fleet.play(2_400)
    for (const customer of customers) expect((await fleet.run(customer))?.archive).toBeDefined()
  })

  test('a key that is refused for 15 minutes pauses it instead of failing the run', async () => {
    const fleet = await brokenFleet(refused, 8, ['ann'])
    await fleet.play(1_800)
    expect((await fleet.paused())?.reason).toContain('refuses the key')
    expect(await fleet.run('ann')).toMatchObject({ state: 'queued' })
  })

  test('an operator resumes it: all that waits starts', async () => {
    const fleet = await brokenFleet(busy, 5)
    await fleet.play(120)
    await resumeService(fleet.ports, service.name)
    await resumeService(fleet.ports, service.name)
    await fleet.step()
    expect(fleet.started().sort()).toEqual(['ann/census', 'bob/census', 'cid/census'])
    await expect(resumeService(fleet.ports, 'other')).rejects.toThrow('no training service is called other')
  })

  test('rows of the line that nobody stands for any more use no try of it up', async () => {
    const fleet = await brokenFleet(busy, 5)
    await fleet.play(120)
    const gone = { customerId: 'gone', model: 'census' }
    for (const generation of [1, 2, 3, 4, 5])
      await fleet.ports.addWaiting(service.name, { ...gone, generation, readyAtMs: generation })
    await fleet.play(330)
    expect(fleet.started()).toHaveLength(3)
    expect((await fleet.line()).includes('gone')).toBe(false)
  })

  test.each(['ann', 'bob', 'cid'])(
    'it is tried out by %s, when all others that waited are cancelled',
    async (left) => {
      const fleet = await brokenFleet(busy, 5)
      await fleet.play(120)
      for (const customerId of ['ann', 'bob', 'cid'].filter((one) => one !== left)) {
        const key = { customerId, model: 'census', generation: 1 }
        await cancelRun(fleet.ports, key, { by: 'Ada', reason: 'not needed' })
      }
      await fleet.play(600)
      expect(fleet.started()).toEqual([`${left}/census`])
    },
  )

  test('a worker that dies before it called for the next try leaves the call to whoever comes next', async () => {
    const fleet = await brokenFleet(busy, 200)
    await fleet.play(120)
    const { health } = await fleet.ports.readSlots(service.name)
    if (health?.value.paused === undefined) throw new Error('the service is not paused')
    const paused = { ...health.value.paused, calledForAtMs: undefined }
    await fleet.ports.writeHealth(service.name, { value: { ...health.value, paused }, etag: health.etag })
    const dying = { ...fleet.ports, sendStart: () => Promise.reject(new Error('the worker died')) }
    await expect(grantSlots(dying, service)).rejects.toThrow('the worker died')
    const sent: object[] = []
    const going = { ...fleet.ports, sendStart: async (message: object) => void sent.push(message) }
    await grantSlots(going, service)
    await grantSlots(going, service)
    expect(sent).toMatchObject([{ service: service.name }])
  })

  test('one start a try is sent, however many runs wait and however often they are called up', async () => {
    const fleet = await brokenFleet(busy, 200)
    await fleet.play(120)
    for (let minutes = 0; minutes < 120; minutes += 5) {
      await fleet.reconcile()
      await fleet.play(300, 30)
    }
    expect(await fleet.paused()).toMatchObject({ cause: 'calls' })
    expect(await fleet.queues.startRequests.count()).toBeLessThan(5)
  })
})
