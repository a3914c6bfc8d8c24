import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ModelSettings } from '../../shared/retraining/settings.ts'
import { type Flow, model, sampleText, startFlow } from './play.ts'

const wrongKey = 'wrong-key-of-nobody-0123456789'
const next = await sampleText('southwest-next.csv')

let flow: Flow
beforeAll(async () => {
  flow = await startFlow()
  Object.assign(process.env, { WRONG_KEY: wrongKey, DEFAULT_KEY: defaultEndpoint().primaryKey })
})
afterAll(() => flow?.stop())

function defaultEndpoint() {
  const services = flow.emulator.describe().workspaces.flatMap((workspace) => workspace.webServices)
  const found = services
    .find((service) => service.name === 'Bird Strikes [predictive exp.]')
    ?.endpoints.find((endpoint) => endpoint.name === 'default')
  if (found === undefined) throw new Error('no default endpoint')
  return found
}

/** Southwest's settings under another customer's name, changed. */
async function addCustomer(customerId: string, change: (settings: ModelSettings) => Partial<ModelSettings>) {
  const known = await flow.ports.readSettings({ customerId: 'southwest', model })
  if (known === undefined) throw new Error('no settings')
  await flow.ports.putSettings({ ...known, customerId, ...change(known) })
}

type Change = (endpoint: ModelSettings['endpoint']) => Partial<ModelSettings['endpoint']>
const cases: [customerId: string, change: Change, says: RegExp][] = [
  [
    'wrong-name',
    () => ({ resourceName: 'Wrong' }),
    /no resource "Wrong"; it has "Bird Strikes \[trained model\]"/,
  ],
  ['wrong-key', () => ({ apiKey: 'env:WRONG_KEY' }), /refuses the key/],
  ['no-key', () => ({ apiKey: 'env:NO_SUCH_KEY' }), /env:NO_SUCH_KEY: the setting is missing/],
  [
    'default-endpoint',
    ({ url }) => ({ url: url.replace(/[^/]+$/, 'default'), apiKey: 'env:DEFAULT_KEY' }),
    /default is the default endpoint, which can't be updated/,
  ],
  ['no-endpoint', ({ url }) => ({ url: `${url}nowhere` }), /refuses the key|there is no endpoint at/],
  ['wrong-host', () => ({ url: 'https://example.com/workspaces/a' }), /example\.com/],
]

test.each(cases)(
  '%s: refused at the preflight, before a job is paid for',
  async (customerId, change, says) => {
    await addCustomer(customerId, ({ endpoint }) => ({ endpoint: { ...endpoint, ...change(endpoint) } }))
    await flow.drop(customerId, 'next.csv', next)
    const run = await flow.ended(customerId, 1)
    expect(run).toMatchObject({ state: 'failed', attempt: 1 })
    expect(run.reason).toMatch(says)
    expect(JSON.stringify(run)).not.toContain(wrongKey)
    expect(run.jobId).toBeUndefined()
    expect(await flow.jobs()).toEqual([])
  },
)

test('a wrong key of the training service: the run waits, says so, and no job is there', async () => {
  const known = await flow.ports.readTrainingService('Bird Strikes')
  if (known === undefined) throw new Error('no training service')
  await flow.ports.putTrainingService({ ...known, name: 'Locked', apiKey: 'env:WRONG_KEY' })
  await addCustomer('locked-out', () => ({ trainingService: 'Locked' }))
  await flow.drop('locked-out', 'next.csv', next)
  const run = await flow.reached('locked-out', 1, (run) => run.retry !== undefined)
  expect(run).toMatchObject({ state: 'queued', attempt: 1 })
  expect(run.timeline.at(-1)?.text).toMatch(/submit the job: .*401/)
  expect(await flow.jobs()).toEqual([])
})

test('a training service that nobody knows ends the run with its name', async () => {
  await addCustomer('no-service', () => ({ trainingService: 'Nowhere' }))
  await flow.drop('no-service', 'next.csv', next)
  expect((await flow.ended('no-service', 1)).reason).toContain('no training service is called Nowhere')
})

test('an empty file is no drop', async () => {
  await flow.drop('southwest', 'empty.csv', '')
  expect(await flow.ports.hasPending({ customerId: 'southwest', model })).toBe(false)
  expect(await flow.ports.readHead({ customerId: 'southwest', model })).toBeUndefined()
})

test('drops of an unknown customer and model are unclaimed once, however often they are seen, until they are known', async () => {
  await flow.drop('later', 'next.csv', next)
  await flow.accept(`later/${model}/next.csv`)
  await flow.stores.containers.trainingData.put(
    'southwest/other/x.csv',
    new TextEncoder().encode(next),
    'text/csv',
  )
  await flow.reconcile()
  const names = async () =>
    (await flow.ports.readUnclaimed({ size: 50 })).drops.map(({ name }) => name).sort()
  expect(await names()).toEqual([`later/${model}/next.csv`, 'southwest/other/x.csv'])
  await addCustomer('later', ({ endpoint }) => ({ endpoint: { ...endpoint, resourceName: 'Wrong' } }))
  await flow.reconcile()
  expect(await names()).toEqual(['southwest/other/x.csv'])
  expect((await flow.ended('later', 1)).reason).toContain('no resource "Wrong"')
})
