import type { ModelKey } from '../../shared/retraining/names.ts'
import type { Gate, ModelSettings, TrainingServiceSettings } from '../../shared/retraining/settings.ts'
import { holdoutGate } from './holdouts.ts'
import type { Random } from './random.ts'

/** The customers of one seed; a late one is added while its drops wait already. */
export type Fleet = { services: TrainingServiceSettings[]; models: ModelSettings[]; late: ModelSettings[] }

/** Two training services and two to four models of one to three customers. */
export function createFleet(random: Random): Fleet {
  const services = ['census', 'churn'].map((name) => serviceOf(random, name))
  const models: ModelSettings[] = []
  const customers = 1 + random.below(3)
  for (let index = 0; index < customers; index++) {
    const customerId = `c${index + 1}`
    models.push(settingsOf(random, { customerId, model: 'm1' }, random.pick(services).name))
    if (random.chance(0.3))
      models.push(settingsOf(random, { customerId, model: 'm2' }, random.pick(services).name))
  }
  const late = random.chance(0.25)
    ? [settingsOf(random, { customerId: 'late', model: 'm1' }, random.pick(services).name)]
    : []
  if (random.chance(0.25)) for (const model of [...models, ...late]) model.gate = holdoutGate
  return { services, models, late }
}

/** Caps are low, so that runs wait for slots; some services have room for all. */
function serviceOf(random: Random, name: string): TrainingServiceSettings {
  const maxJobsInFlight = random.pick([1, 2, 3, 40])
  const share = random.pick([undefined, 1, 2])
  return {
    name,
    jobsUrl: `https://services.example/workspaces/w/services/${name}/jobs`,
    apiKey: `env:KEY_OF_${name.toUpperCase()}`,
    inputPort: 'input1',
    modelPort: 'output1',
    evaluationPort: 'output2',
    maxJobsInFlight,
    ...(share === undefined ? {} : { maxJobsPerCustomer: share }),
  }
}

function settingsOf(random: Random, key: ModelKey, trainingService: string): ModelSettings {
  const path = `${key.customerId}-${key.model}`
  const quietSeconds = random.pick([0, 0, 20, 120])
  return {
    ...key,
    trainingService,
    endpoint: {
      url: `https://management.example/workspaces/w/webservices/s/endpoints/${path}`,
      scoringUrl: `https://scoring.example/workspaces/w/services/${path}`,
      apiKey: `env:KEY_OF_${path}`,
      resourceName: 'Census Model [trained model]',
    },
    trainingData: random.chance(0.35) ? 'append' : 'latest',
    quietSeconds,
    maxQuietSeconds: quietSeconds * 3,
    jobDeadlineMinutes: random.pick([20, 60]),
    gate: gateOf(random),
    driftPolicy: 'mend',
    ...(random.chance(0.2)
      ? { schedule: { cron: '0 */20 * * * *', spreadMinutes: random.pick([0, 10]) } }
      : {}),
    ...(random.chance(0.6) ? { probeRow: { age: '39' } } : {}),
  }
}

/** Gates that let everything through, that compare, that ask, and that ask only outside a band. */
function gateOf(random: Random): Gate {
  const limits = ['AUC >= 0.72', 'AUC >= live - 0.08']
  return random.pick<Gate>([
    { kind: 'always' },
    { kind: 'always' },
    { kind: 'limits', limits },
    holdoutGate,
    { kind: 'limits', limits: ['AUC >= 0.7'], approval: 'always', missing: 'approve' },
    { kind: 'limits', limits: ['AUC >= 0.7'], approval: { outside: ['AUC >= live - 0.02'] } },
  ])
}

/** Without reconcile nobody plans a schedule. */
export function withoutSchedules(fleet: Fleet): void {
  for (const model of [...fleet.models, ...fleet.late]) model.schedule = undefined
}

/** Room for every job. */
export function widenCaps(fleet: Fleet): void {
  for (const service of fleet.services) {
    service.maxJobsInFlight = 40
    service.maxJobsPerCustomer = 40
  }
}
