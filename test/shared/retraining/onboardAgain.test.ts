import { expect, test } from 'vitest'
import { emptyHead } from '../../../shared/retraining/head.ts'
import type { World } from '../../fakes/world.ts'
import { createOnboarding, declare, fabrikam, predictive } from './onboardPlay.ts'

const sent = async ({ queues }: World) =>
  (await queues.endpointUpdates.receive(9, 60)).map(({ body }) => body)

test('puts the last live model of one that comes back on its new endpoint', async () => {
  const { onboard, world } = await createOnboarding({ silentCalls: 1 })
  const head = { ...emptyHead, lastGeneration: 5, floor: 5, live: 4 }
  await world.ports.commit(fabrikam, { head: { value: head } })
  const declaration = declare({ probeRow: { age: '39' } })
  await onboard(declaration)
  await onboard(declaration)
  await onboard(declaration)
  expect(await sent(world)).toMatchObject([{ kind: 'update', ...fabrikam, generation: 4, again: true }])
})

test('sends nothing to the endpoint of a new model', async () => {
  const { onboard, world } = await createOnboarding()
  await onboard()
  expect(await sent(world)).toEqual([])
})

test('under another host of its service it keeps the key anew, and the old one is gone', async () => {
  const { onboard, ports, world } = await createOnboarding()
  const removed: string[] = []
  Object.assign(ports, { removeSecret: async (reference: string) => void removed.push(reference) })
  const keyOf = async () => (await world.ports.readSettings(fabrikam))?.endpoint.apiKey
  await onboard()
  const before = await keyOf()
  await onboard(declare({ quietSeconds: 7 }))
  expect(removed).toEqual([])
  const managementUrl = predictive.managementUrl.replace('azureml.net', 'example.com')
  await ports.putPredictiveService({ ...predictive, managementUrl })
  expect(await onboard()).toMatchObject({ outcome: 'changed', endpoint: 'found' })
  expect(await keyOf()).not.toBe(before)
  expect(removed).toEqual([before])
})
