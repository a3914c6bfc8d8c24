import { expect, test } from 'vitest'
import { eraseCustomer } from '../../../shared/retraining/eraseCustomer.ts'
import { offboardModel } from '../../../shared/retraining/offboardModel.ts'
import { createWorld, dropped, settings, type World } from '../../fakes/world.ts'

const order = { by: 'zoe', reason: 'the contract ended', force: false }
const census = { customerId: 'contoso', model: 'census' }

/** Two customers with history; `contoso` has something in every place, `fabrikam-contoso` almost its name. */
async function lived(): Promise<World> {
  const world = await createWorld()
  const other = { ...settings, customerId: 'fabrikam-contoso' }
  await world.ports.putSettings({ ...other, endpoint: { ...other.endpoint, url: `${other.endpoint.url}2` } })
  for (const customer of ['contoso', 'fabrikam-contoso']) {
    // In memory there is one endpoint for all: each customer finds it as it was deployed.
    const resources = [
      { name: settings.endpoint.resourceName, baseLocation: '', relativeLocation: 'deployed' },
    ]
    const description = { name: 'endpoint', isDefault: false, preventUpdate: false, resources }
    Object.assign(world.services.endpoint, { answering: 'deployed', description })
    await dropped(world, `${customer}/census/a.csv`, 'age\n1\n')
    await world.play(300)
    await dropped(world, `${customer}/churn/a.csv`, 'age\n1\n')
    const atMs = world.clock.now()
    const key = { customerId: customer, model: 'census' }
    await world.ports.recordDeadLetter({ source: 'runs', id: customer, reason: 'x', body: '{}', key, atMs })
    await world.ports.writeDrift({ ...key, foundAtMs: atMs })
    const target = `customers/${customer}/models/census/retrain`
    const begun = {
      what: 'retrain',
      target,
      by: 'zoe',
      reason: `for ${customer}`,
      requestId: 'r',
      beganAtMs: atMs,
    }
    await world.ports.beginAudit(begun)
    await world.queues.startRequests.send({ v: 1, ...key })
    await subscribe(world, customer)
  }
  const board = await world.ports.readSlots(settings.trainingService)
  const failures = ['contoso', 'fabrikam-contoso'].map((customerId) => ({
    customerId,
    atMs: 1,
    cause: 'jobs' as const,
  }))
  await world.ports.writeHealth(settings.trainingService, { value: { failures }, etag: board.health?.etag })
  return world
}

/** What the gateway keeps on the same storage: a subscription, more usage than is removed at once, counters. */
async function subscribe({ tables }: World, customerId: string): Promise<void> {
  const cells = { v: 1, customerId, product: 'starter' }
  await tables.subscriptions.put({ partitionKey: 'subscriptions', rowKey: customerId, cells })
  for (let hour = 0; hour < 120; hour++) {
    const rowKey = `2026-01-31T${hour}|rrs-execute|a`
    await tables.usage.put({ partitionKey: customerId, rowKey, cells: { calls: 1 } })
  }
  await tables.counters.put({ partitionKey: customerId, rowKey: 'rate', cells: { slots: '[]' } })
}

/** Every row, message and blob name, each as text. */
async function everything(world: World): Promise<string[]> {
  const rows = Object.entries(world.tables).flatMap(([name, table]) =>
    table.rows().map((row) => `${name} ${JSON.stringify(row)}`),
  )
  const messages = Object.values(world.queues).flatMap((queue) =>
    queue.messages().map(({ body }) => JSON.stringify(body)),
  )
  const lists = await Promise.all(
    Object.values(world.containers).map((store) => store.list('', { size: 500 })),
  )
  return [...rows, ...messages, ...lists.flatMap(({ blobs }) => blobs.map(({ name }) => name))]
}

/** The app's ports, over a management service that deletes what it is told to. */
function portsOf(world: World) {
  return { ...world.ports, deleteEndpoint: async () => undefined }
}

const about = (texts: string[], id: string) =>
  texts.filter((text) => new RegExp(`(?<![a-z0-9-])${id}(?![a-z0-9-])`).test(text))

async function eraseWhole(world: World) {
  for (let call = 0; call < 50; call++) {
    const erasing = await eraseCustomer(portsOf(world), 'contoso', { ...order, force: true })
    if (erasing.kind === 'erased') return erasing.receipt
    await world.play(60)
  }
  throw new Error('the erasure does not end')
}

test('afterwards nothing of the customer is found anywhere, and everything of the others is', async () => {
  const world = await lived()
  // Their messages are worked off meanwhile.
  const others = async () =>
    about(await everything(world), 'fabrikam-contoso').filter((text) => !text.startsWith('{'))
  const before = await others()
  expect(about(await everything(world), 'contoso').length).toBeGreaterThan(15)
  const receipt = await eraseWhole(world)
  expect(about(await everything(world), 'contoso')).toEqual([])
  expect(await others()).toHaveLength(before.length)
  expect(receipt).toMatchObject({ v: 1, by: 'zoe', customer: expect.stringMatching(/^erased-[0-9a-f]{16}$/) })
  expect(receipt.counts['blobs of training-data']).toBe(2)
  expect(receipt.counts['rows of the gateway']).toBe(122)
})

test('the receipt stays in the audit log, and old entries name the pseudonym', async () => {
  const world = await lived()
  const receipt = await eraseWhole(world)
  const { items } = await world.ports.listAudit({ size: 10 })
  const kept = items.find(({ what }) => what === 'customer erased')
  expect(JSON.parse(kept?.detail ?? '')).toEqual(receipt)
  expect(items.map(({ target }) => target)).toContain(`customers/${receipt.customer}/models/census/retrain`)
})

test('a customer in service is refused without force; an off-boarded one is erased', async () => {
  const world = await lived()
  expect(await eraseCustomer(portsOf(world), 'contoso', order)).toEqual({
    kind: 'notOffboarded',
    models: ['census'],
  })
  await offboardModel(portsOf(world), census, { by: 'zoe', reason: 'x', atMs: 0, keepEndpoint: true })
  expect(await eraseCustomer(portsOf(world), 'contoso', order)).toMatchObject({ kind: 'erased' })
  expect(await eraseCustomer(portsOf(world), 'nobody', order)).toEqual({ kind: 'unknown' })
})

test('the receipt of a customer that was never onboarded counts what was found of it', async () => {
  const world = await createWorld()
  const target = 'customers/ghost/models/census/retrain'
  const what = { what: 'retrain', target, by: 'zoe', reason: 'x', requestId: 'r', beganAtMs: 1 }
  await world.ports.beginAudit(what)
  expect(await eraseCustomer(portsOf(world), 'ghost', order)).toMatchObject({
    kind: 'erased',
    receipt: { counts: { 'rows of audit': 1 } },
  })
  expect(await eraseCustomer(portsOf(world), 'ghost', order)).toEqual({ kind: 'unknown' })
})

test('an erasure that is ended at any step is gone on with', async () => {
  const world = await lived()
  await offboardModel(portsOf(world), census, { by: 'zoe', reason: 'x', atMs: 0, keepEndpoint: true })
  let calls = 0
  const dying = {
    ...portsOf(world),
    async eraseStep(...given: Parameters<World['ports']['eraseStep']>) {
      const page = await world.ports.eraseStep(...given)
      if (++calls % 2 === 0) throw new Error('the worker died')
      return page
    },
  }
  for (let tries = 0; tries < 100; tries++) {
    const erasing = await eraseCustomer(dying, 'contoso', order).catch(() => undefined)
    if (erasing?.kind === 'erased') break
  }
  expect(about(await everything(world), 'contoso')).toEqual([])
  expect(calls).toBeGreaterThan(world.ports.eraseSteps * 2)
})

test('a message that shows up late leaves no letter behind', async () => {
  const world = await lived()
  await eraseWhole(world)
  await world.queues.trainingJobs.send({ v: 1, ...census, generation: 1, token: 'late' })
  await world.queues.endpointUpdates.send({ v: 1, kind: 'check', ...census, generation: 1, token: 'late' })
  await world.queues.startRequests.send({ v: 1, ...census })
  await world.play(60)
  await world.reconcile()
  expect(about(await everything(world), 'contoso')).toEqual([])
})
