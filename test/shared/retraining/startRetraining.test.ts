import { describe, expect, test } from 'vitest'
import { CredentialRefused } from '../../../shared/retraining/services.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'

describe('preflight: refused before a job is paid for', () => {
  test.each<[string, (world: World) => void, string]>([
    [
      'a default endpoint',
      ({ services }) => Object.assign(services.endpoint.description, { isDefault: true }),
      'is the default endpoint',
    ],
    [
      'a wrong key',
      ({ services }) =>
        services.fault('describeEndpoint', 'before', () => {
          throw new CredentialRefused('Cannot describe the endpoint: 401 Unauthorized')
        }),
      'refuses the key',
    ],
    [
      'a missing endpoint',
      ({ services }) => {
        services.endpoint.description = 'gone'
      },
      'there is no endpoint at',
    ],
    [
      'a wrong resource name',
      ({ services }) =>
        Object.assign(services.endpoint.description, {
          resources: [{ name: 'Other [trained model]', baseLocation: '', relativeLocation: '' }],
        }),
      'it has "Other [trained model]"',
    ],
  ])('%s', async (_when, arrange, reason) => {
    const world = await createWorld()
    arrange(world)
    await dropped(world)
    await world.play(60)
    expect(await world.run(1)).toMatchObject({ state: 'failed' })
    expect((await world.run(1))?.reason).toContain(reason)
    expect(world.services.jobs.size).toBe(0)
    expect((await world.head())?.inFlight).toBeUndefined()
  })
})
