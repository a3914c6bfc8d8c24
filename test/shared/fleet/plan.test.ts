import { expect, test } from 'vitest'
import { hash } from '../../../shared/adapters/keys.ts'
import { declaredModels } from '../../../shared/fleet/declaredModels.ts'
import { planSteps } from '../../../shared/fleet/plan.ts'
import { isEndpointName, usualEndpointName } from '../../../shared/retraining/declaration.ts'

const services = { training: ['t'], predictive: [{ name: 'p', resourceName: 'R [trained model]' }] }

test('a model gets what is said nearest to it, and the only services there are', () => {
  const { models, problems } = declaredModels(
    {
      defaults: { quietSeconds: 1, maxQuietSeconds: 50, trainingData: 'append' },
      models: { census: { quietSeconds: 2 } },
      customers: { contoso: { census: { endpoint: 'own' } }, fabrikam: ['census', 'churn'] },
    },
    services,
    hash,
  )
  expect(problems).toEqual([])
  expect(models.map(({ declaration }) => declaration)).toMatchObject([
    { endpoint: 'own', quietSeconds: 2, trainingData: 'append', resourceName: 'R [trained model]' },
    { quietSeconds: 2, trainingService: 't', predictiveService: 'p' },
    { quietSeconds: 1 },
  ])
})

test.each([
  [
    'two models with one endpoint',
    { contoso: { a: { endpoint: 'x' }, b: { endpoint: 'x' } } },
    /that of contoso\/a/,
  ],
  [
    'an unknown service',
    { contoso: { a: { trainingService: 'u' } } },
    /there is no such web service; there are t/,
  ],
  ['a name against the rule', { contoso: { a: { endpoint: 'Not ok' } } }, /24 characters or less/],
])('%s is a problem of the model', (_what, customers, message) => {
  const { problems } = declaredModels({ customers }, services, hash)
  expect(problems).toMatchObject([{ path: ['customers', 'contoso', expect.any(String)] }])
  expect(problems[0]?.message).toMatch(message)
})

test('a staging endpoint that is a customer’s is a problem', () => {
  const holdout = {
    ...{ blob: 'h.csv', label: 'l', positive: 'y', scored: 's', measure: 'AUC' as const, margin: 0 },
    staging: 'own',
  }
  const gate = { kind: 'limits' as const, limits: [], holdout }
  const { problems } = declaredModels(
    { customers: { contoso: { a: { endpoint: 'own', gate } } } },
    services,
    hash,
  )
  expect(problems[0]?.message).toBe("gate.holdout.staging own: it is a customer's endpoint")
})

test('placeholders of an endpoint’s name are the ids without dashes', () => {
  const file = { defaults: { endpoint: '{customer}' }, customers: { 'us-airways': ['census'] } }
  expect(declaredModels(file, services, hash).models[0]?.declaration.endpoint).toBe('usairways')
})

test('names by the rule fit, are stable, and no two models share one', () => {
  const keys = [
    { customerId: 'ab', model: 'c' },
    { customerId: 'a', model: 'bc' },
    { customerId: 'a-b', model: 'c' },
    { customerId: 'x'.repeat(63), model: 'y'.repeat(63) },
  ]
  const names = keys.map((key) => usualEndpointName(key, hash))
  expect(new Set(names).size).toBe(keys.length)
  expect(names.every(isEndpointName)).toBe(true)
  expect(keys.map((key) => usualEndpointName(key, hash))).toEqual(names)
})

test('a plan adds, changes with the fields that differ, and removes', () => {
  const wanted = new Map<string, object>([
    ['new', { a: 1 }],
    ['same', { a: 1, b: undefined, at: undefined }],
    ['other', { gate: { kind: 'limits', limits: ['AUC >= 0.9'] } }],
  ])
  const there = new Map<string, object>([
    ['same', { at: 'found out', a: 1 }],
    ['other', { gate: { kind: 'limits', limits: ['AUC >= 0.8'] }, schedule: 'x' }],
    ['old', { a: 1 }],
  ])
  expect(planSteps(wanted, there, ['at'])).toEqual([
    { kind: 'add', name: 'new', to: { a: 1 } },
    {
      kind: 'change',
      name: 'other',
      to: wanted.get('other'),
      changes: [
        { field: 'gate.limits', from: ['AUC >= 0.8'], to: ['AUC >= 0.9'] },
        { field: 'schedule', from: 'x', to: undefined },
      ],
    },
    { kind: 'remove', name: 'old', from: { a: 1 } },
  ])
})
