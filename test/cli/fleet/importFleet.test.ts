import { expect, test } from 'vitest'
import { fleetText, importFleet } from '../../../cli/fleet/importFleet.ts'
import { nameHash, planFleet } from '../../../cli/fleet/planFleet.ts'
import { parseFleet } from '../../../cli/fleet/readFleetFile.ts'
import { completeDeclaration, type GivenDeclaration } from '../../../shared/retraining/declaration.ts'

const services = { training: ['t', 'u'], predictive: [{ name: 'p', resourceName: 'R [trained model]' }] }
const endpoint = (name: string) => ({ name, description: '', isStaging: false })
const from = { predictiveService: 'p', trainingService: 't', model: 'census', services, models: [] }

function settings(customerId: string, given: GivenDeclaration) {
  const all = { predictiveService: 'p', trainingService: 't', endpoint: customerId, ...given }
  const completion = completeDeclaration({ customerId, model: 'census' }, all, services, nameHash)
  if (completion.kind === 'wrong') throw new Error(completion.problems.join())
  return { customerId, model: 'census', settings: completion.declaration }
}

test('2,000 endpoints that nobody has are 2,000 lines and a head', () => {
  const names = Array.from({ length: 2_000 }, (_none, at) => `c${String(at).padStart(4, '0')}`)
  const { fleet, taken } = importFleet({ ...from, endpoints: names.map(endpoint) })
  const text = fleetText(fleet, ' note')
  expect(taken).toBe(2_000)
  expect(text.split('\n').length).toBeLessThan(2_000 + 25)
  expect(text).toContain('\n  c0000: [census]\n')
  const { file, problems } = parseFleet(text)
  expect(problems).toEqual([])
  const present = {
    models: [],
    training: [{ name: 't' }, { name: 'u' }],
    predictive: [...services.predictive],
  }
  const planned = planFleet(file ?? {}, present)
  expect(planned.problems).toEqual([])
  expect(planned.plan.models).toHaveLength(2_000)
  expect(planned.models[7]?.declaration).toMatchObject({
    endpoint: 'c0007',
    adopt: true,
    trainingService: 't',
  })
})

test('models that the app has keep their settings: a file of them changes nothing', () => {
  const gate = { kind: 'limits' as const, limits: ['AUC >= 0.8'] }
  const models = [
    settings('adatum', { gate, quietSeconds: 5 }),
    settings('contoso', { gate, quietSeconds: 5, trainingService: 'u', probeRow: { age: '39' } }),
    settings('fabrikam', { gate, quietSeconds: 7, endpoint: 'fab1' }),
  ]
  const endpoints = models.map(({ customerId, model, settings: { endpoint: name } }) => ({
    ...endpoint(name),
    owner: { customerId, model },
  }))
  const { fleet } = importFleet({ ...from, models, endpoints })
  expect(fleet).toMatchObject({
    models: { census: { gate, quietSeconds: 5 } },
    customers: {
      adatum: ['census'],
      contoso: { census: { trainingService: 'u', probeRow: { age: '39' } } },
      fabrikam: { census: { quietSeconds: 7, endpoint: 'fab1' } },
    },
  })
  const { file, problems } = parseFleet(fleetText(fleet, ''))
  expect(problems).toEqual([])
  const present = { models, training: [{ name: 't' }, { name: 'u' }], predictive: [...services.predictive] }
  expect(planFleet(file ?? {}, present)).toMatchObject({ problems: [], plan: { models: [] } })
})

test('staging endpoints and names that can be no customer are left out, with the reason', () => {
  const endpoints = [{ ...endpoint('staging'), isStaging: true }, endpoint('Old Name'), endpoint('contoso')]
  expect(importFleet({ ...from, endpoints })).toMatchObject({
    taken: 1,
    left: [
      { name: 'staging', reason: 'it is a staging endpoint' },
      { name: 'Old Name', reason: 'its name can be no customer id' },
    ],
  })
})
