import { describe, expect, test } from 'vitest'
import { acquireSlot } from '../../../shared/retraining/acquireSlot.ts'
import { cancelRun } from '../../../shared/retraining/cancelRun.ts'
import { createFleet } from '../../fakes/fleet.ts'
import { service } from '../../fakes/world.ts'

describe('a slot that is given out at the moment it is given back', () => {
  const key = { customerId: 'ann', model: 'census', generation: 1 }
  const order = { by: 'ada', reason: 'wrong file' }

  test('a worker that read the run before it was cancelled takes no place for it', async () => {
    const fleet = await createFleet(['ann', 'bob'], { maxJobsInFlight: 1 })
    fleet.services.fault('describeEndpoint', 'before', async () => {
      const stale = await fleet.ports.readRun(key)
      await cancelRun(fleet.ports, key, order)
      if (stale === undefined) throw new Error('no run')
      const capped = { ...service, maxJobsInFlight: 1 }
      expect(await acquireSlot(fleet.ports, capped, stale)).toBeUndefined()
    })
    await fleet.drop('ann')
    await fleet.step()
    expect(await fleet.run('ann')).toMatchObject({ state: 'cancelled' })
    expect(await fleet.slots()).toEqual([])
    await fleet.drop('bob')
    await fleet.step()
    expect(fleet.started()).toEqual(['bob/census'])
  })

  test('a run that is cancelled just before its place is taken gives it to the next in line', async () => {
    const fleet = await createFleet(['ann', 'bob'], { maxJobsInFlight: 1 })
    const { takeSlot } = fleet.ports
    fleet.ports.takeSlot = async (...slot) => {
      fleet.ports.takeSlot = takeSlot
      await cancelRun(fleet.ports, key, order)
      await fleet.drop('bob')
      const outcome = await takeSlot(...slot)
      await fleet.step()
      expect(await fleet.line()).toEqual(['bob'])
      return outcome
    }
    await fleet.drop('ann')
    await fleet.step()
    await fleet.step()
    expect(await fleet.run('ann')).toMatchObject({ state: 'cancelled' })
    expect(fleet.started()).toEqual(['bob/census'])
  })

  test('of two workers that give one run a slot at once neither leaves a place behind', async () => {
    const fleet = await createFleet(['ann'], { maxJobsInFlight: 2, maxJobsPerCustomer: 2 })
    fleet.services.fault('describeEndpoint', 'before', async () => {
      const stored = await fleet.ports.readRun(key)
      if (stored === undefined) throw new Error('no run')
      const before = { ...fleet.ports, readSlots: async () => ({ slots: [] }), random: () => 0.9 }
      await acquireSlot(before, { ...service, maxJobsInFlight: 2, maxJobsPerCustomer: 2 }, stored)
      await fleet.ports.sendStart({ v: 1, customerId: 'ann', model: 'census' }, 0)
    })
    await fleet.drop('ann')
    await fleet.step()
    expect(fleet.started()).toEqual(['ann/census'])
    expect(await fleet.slots()).toHaveLength(1)
    await fleet.play(200)
    expect(await fleet.slots()).toEqual([])
  })
})
