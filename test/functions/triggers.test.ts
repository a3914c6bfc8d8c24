import { Module } from 'node:module'
import { beforeAll, expect, test } from 'vitest'

type Binding = { type: string; direction: string; queueName?: string; path?: string; schedule?: string }
const registered = new Map<string, Binding>()

/** What the worker provides at run time: it only collects what registers. */
const core = {
  version: '0.0.0',
  hostVersion: '0.0.0',
  Disposable: class {
    dispose() {}
  },
  registerFunction(metadata: { name: string; bindings: Record<string, Binding> }) {
    const [trigger] = Object.values(metadata.bindings)
    if (trigger !== undefined) registered.set(metadata.name, trigger)
    return { dispose() {} }
  },
  registerHook: () => ({ dispose() {} }),
  setProgrammingModel() {},
  getProgrammingModel() {},
  log() {},
}

beforeAll(async () => {
  const original = Module.prototype.require
  Module.prototype.require = Object.assign(function (this: NodeJS.Module, id: string) {
    return id === '@azure/functions-core' ? core : original.call(this, id)
  }, original)
  await import('../../functions/main.ts')
})

test('every trigger registers, and every queue of the app has a function on its poison queue', () => {
  const queues = [...registered.values()].flatMap((binding) => binding.queueName ?? []).sort()
  expect(queues).toEqual([
    'endpoint-updates',
    'endpoint-updates-poison',
    'start-requests',
    'start-requests-poison',
    'training-data-events-poison',
    'webhooks',
    'webhooks-poison',
    'webjobs-blobtrigger-poison',
  ])
  const others = [...registered].filter(([, { type }]) => type !== 'httpTrigger')
  expect(others.map(([name]) => name).sort()).toEqual([
    'buryEndpointUpdate',
    'buryStartRequest',
    'buryTrainingData',
    'buryTrainingDataEvent',
    'buryWebhook',
    'pollJobs',
    'reconcile',
    'retention',
    'schedules',
    'startRequested',
    'trainingData',
    'updateEndpoint',
    'webhooks',
  ])
})

test('the blob trigger listens to the container of drops, the timers to their settings', () => {
  expect(registered.get('trainingData')).toMatchObject({
    type: 'blobTrigger',
    path: 'training-data/{name}',
    source: 'LogsAndContainerScan',
  })
  expect(registered.get('pollJobs')).toMatchObject({ schedule: '%POLL_SCHEDULE%' })
  expect(registered.get('reconcile')).toMatchObject({ schedule: '%RECONCILE_SCHEDULE%' })
  expect(registered.get('schedules')).toMatchObject({ schedule: '%SCHEDULES_SCHEDULE%' })
})
