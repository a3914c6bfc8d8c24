import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { isEnded, type Run } from '../../shared/retraining/run.ts'
import { patience } from '../setup/patience.ts'
import { createApiCalls } from '../shared/api/calls.ts'
import { startWholeApp } from '../wholeApp.ts'
import { apiSinks } from './apiSinks.ts'
import { type Sink, searchSecrets } from './search.ts'
import { storageSinks } from './sinks.ts'

const model = 'birdstrikes'
const samples = join(import.meta.dirname, '..', '..', 'samples')
/** Tokens that only their place gives away: the app has never seen them before. */
const planted = {
  signature: 'cAnArYsIgNaTuRe0123456789abcdefghij%3D',
  'foreign key': 'cAnArYaCcOuNtKeY0123456789abcdefghijklmnopqrstuv==',
  bearer: 'cAnArYbEaReR0123456789abcdefghijklmn',
  'refused key': 'cAnArYrEfUsEd0123456789abcdefghijklmn+/==',
  metadata: 'cAnArYmEtAdAtA0123456789abcdefghijklmn',
}
const sasUrl = `https://other.blob.core.windows.net/c/b?sv=2024-01-01&sr=b&sp=r&sig=${planted.signature}`
/** One row more makes another file. */
const strike = '1999-01-01,Climb,Day,Small,American robin,145,no\n'
const isData = (container: string) => /^(training-data|models|experimentoutput)$/.test(container)

let app: Awaited<ReturnType<typeof startWholeApp>>
let secrets: Record<string, string>
let next: string
beforeAll(async () => {
  app = await startWholeApp()
  next = await readFile(join(samples, 'southwest-next.csv'), 'utf8')
  const services = app.emulator.describe().workspaces.flatMap((workspace) => workspace.webServices)
  const keys = services.flatMap(({ endpoints }) => endpoints.map(({ id, primaryKey }) => [id, primaryKey]))
  const accountKey = /AccountKey=([^;]+)/.exec(app.connection)?.[1] ?? ''
  secrets = { ...planted, ...Object.fromEntries(keys), 'account key': accountKey }
})
afterAll(async () => {
  await app.stop()
})

/** Drops data and plays the host until the model's run is as wanted. */
async function retrain(customerId: string, isReached: (run: Run) => boolean, csv = next): Promise<Run> {
  const name = `${customerId}/${model}/${crypto.randomUUID()}.csv`
  const blobs = BlobServiceClient.fromConnectionString(app.connection).getContainerClient('training-data')
  const metadata = { token: planted.metadata }
  await blobs.getBlockBlobClient(name).upload(csv, Buffer.byteLength(csv), { metadata })
  await app.accept(name)
  return vi.waitFor(async () => {
    await app.step()
    const [run] = await app.ports.readRuns({ customerId, model }, 1)
    if (run === undefined || !isReached(run)) throw new Error(`not yet: ${run?.state}`)
    return run
  }, patience)
}

function keyOf(customerId: string): string {
  return app.customers.find((customer) => customer.customerId === customerId)?.endpoint.primaryKey ?? ''
}

async function allSinks(): Promise<Sink[]> {
  const sinks: Sink[] = app.lines.map((text) => ({ where: 'the log', text }))
  for await (const sink of storageSinks(app.connection, isData)) {
    // Metadata of people's own blobs is an input, not one of our sinks.
    if (!sink.where.startsWith('blob training-data/')) sinks.push(sink)
  }
  return sinks
}

describe('no secret comes to rest in tables, queues, blobs and logs', () => {
  test('when a job fails and repeats the SAS of its input', async () => {
    await app.fault({ kind: 'failJobWithSas' })
    const run = await retrain('us-airways', (run) => isEnded(run.state))
    expect(run.reason).toContain('.csv?[cut]')
    expect(searchSecrets(secrets, await allSinks())).toEqual([])
  })

  test('when a job fails and repeats keys, tokens and connection strings in every form', async () => {
    const key = keyOf('southwest')
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const hidden = [
      key,
      encodeURIComponent(key),
      base64(key),
      base64(`Bearer ${key}`),
      `Bearer ${planted.bearer}`,
    ]
    const message = `column x: ${hidden.join(' ')} ${sasUrl} ${encodeURIComponent(sasUrl)} ${app.connection} AccountKey=${planted['foreign key']}`
    await app.fault({ kind: 'failJob', message })
    const run = await retrain('southwest', (run) => isEnded(run.state))
    expect(run).toMatchObject({ state: 'failed', reason: expect.stringContaining('column x: [cut]') })
    expect(searchSecrets(secrets, await allSinks())).toEqual([])
  })

  test('when the tokens of the results have expired, and when all goes well', async () => {
    await app.fault({ kind: 'expiredSas' })
    await retrain('southwest', (run) => run.generation === 2 && JSON.stringify(run.timeline).includes('403'))
    await retrain('us-airways', (run) => run.state === 'live', `${next}${strike}`)
    expect(searchSecrets(secrets, await allSinks())).toEqual([])
  })

  test('when an endpoint refuses the key', async () => {
    vi.stubEnv('REFUSED_KEY', planted['refused key'])
    const settings = await app.ports.readSettings({ customerId: 'american', model })
    if (settings === undefined) throw new Error('no settings')
    const endpoint = { ...settings.endpoint, apiKey: 'env:REFUSED_KEY' }
    await app.ports.putSettings({ ...settings, endpoint })
    const run = await retrain('american', (run) => isEnded(run.state))
    expect(run.reason).toContain('refuses the key')
    await app.ports.putSettings(settings)
    expect(searchSecrets(secrets, await allSinks())).toEqual([])
  })

  test('when a message that holds them is buried', async () => {
    const key = keyOf('us-airways')
    await app.stores.queues.trainingJobs.send({
      v: 9,
      note: `${key} ${sasUrl} AccountKey=${planted['foreign key']}`,
    })
    await app.step()
    const { letters } = await app.ports.readDeadLetters({ size: 10 })
    expect(letters).toMatchObject([
      { source: 'training-jobs', reason: 'the message was written by a newer version of the app' },
    ])
    expect(searchSecrets(secrets, await allSinks())).toEqual([])
  })

  test('in what the API answers, and when reasons, names and bodies of calls hold them', async () => {
    const api = createApiCalls(app.ports)
    const text = `${keyOf('southwest')} ${sasUrl} Bearer ${planted.bearer} AccountKey=${planted['foreign key']}`
    const headers = { 'x-retrain-reason': text, 'x-retrain-caller': text, 'x-request-id': keyOf('southwest') }
    const path = `customers/southwest/models/${model}`
    const answers = [
      await api.post(`${path}/pause`, undefined, { headers }),
      await api.post(`${path}/resume`, undefined, { headers }),
      await api.post(`${path}/runs/1/approve`, { [text]: text }, { headers }),
      await api.get(`models?customerId=${encodeURIComponent(text)}`),
    ].map(({ body }): Sink => ({ where: 'an answer', text: JSON.stringify(body) }))
    const models = ['southwest', 'us-airways', 'american'].map((customerId) => {
      return { customerId, model, generation: 1 }
    })
    const reads = await apiSinks(api, models)
    expect(reads.length).toBeGreaterThan(40)
    expect(searchSecrets(secrets, [...answers, ...reads, ...(await allSinks())])).toEqual([])
  })

  test('this search finds a key that is put there on purpose', async () => {
    const [name = '', key = ''] = Object.entries(secrets).at(-2) ?? []
    const note = Buffer.from(`some ${key}`).toString('base64')
    await app.stores.tables.cursors.put({ partitionKey: 'p', rowKey: 'r', cells: { note } })
    const where = 'table cursors, row p r'
    expect(searchSecrets(secrets, await allSinks())).toContainEqual({ secret: name, form: 'base64', where })
  })
})

describe('a token in a name', () => {
  test.each([
    ['of a drop', `southwest/${model}/a?sig=${planted.signature}.csv`],
    ['of an unclaimed drop', `nobody/${model}/AccountKey=${planted['foreign key']}.csv`],
  ])('%s is not logged', async (_what, name) => {
    const before = app.lines.length
    await app.stores.containers.trainingData.put(name, new TextEncoder().encode(next), 'text/csv')
    await app.accept(name)
    const logged = app.lines.slice(before).map((text) => ({ where: 'the log', text }))
    expect(logged.length).toBeGreaterThan(0)
    expect(searchSecrets(planted, logged)).toEqual([])
  })
})
