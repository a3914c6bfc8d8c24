import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addEndpoint, scoreRows } from '../../local/setup/emulatorApi.ts'
import { readSample, sample, scoringRows } from '../../local/setup/sample.ts'
import { writeSecrets } from '../../local/setup/secrets.ts'
import { approveRun } from '../../shared/retraining/approveRun.ts'
import type { Run, RunState } from '../../shared/retraining/run.ts'
import type { Gate } from '../../shared/retraining/settings.ts'
import { patience } from '../setup/patience.ts'
import { startWholeApp } from '../wholeApp.ts'

const root = join(import.meta.dirname, '..', '..')
const key = { customerId: 'southwest', model: sample.model }

let app: Awaited<ReturnType<typeof startWholeApp>>
beforeAll(async () => {
  app = await startWholeApp()
  await app.ports.putSettings({ ...(await settings()), gate: await gateWithHoldout() })
})
afterAll(() => app?.stop())

async function settings() {
  const known = await app.ports.readSettings(key)
  if (known === undefined) throw new Error('no settings')
  return known
}

/** A second endpoint of the predictive web service, and the held-out rows of the sample. */
async function gateWithHoldout(): Promise<Gate> {
  const { url, scoringUrl, primaryKey } = await addEndpoint(
    app.emulator.describe(),
    sample.predictiveService,
    'staging',
    'answers no customer',
  )
  writeSecrets(process.env.SECRETS_FILE ?? '', { 'staging-key': primaryKey })
  const rows = await readFile(join(root, 'samples', 'southwest-heldout.csv'))
  await app.stores.containers.holdouts.put('southwest/birdstrikes/heldout.csv', rows, 'text/csv')
  const staging = { url, scoringUrl, apiKey: 'file:staging-key', resourceName: sample.resourceName }
  return {
    kind: 'limits',
    limits: ['AUC >= 0.1', 'holdout AUC >= live - 0.05'],
    holdout: {
      ...{ blob: 'heldout.csv', label: sample.label, positive: sample.positive },
      ...{ scored: 'Scored Probabilities', omit: [sample.label, ...sample.unusedColumns] },
      ...{ measure: 'AUC', margin: 0.01, unsure: 'update', staging },
    },
  }
}

async function trained(name: string, csv: string, generation: number, states: RunState[]): Promise<Run> {
  const blob = `${key.customerId}/${key.model}/${name}`
  await app.stores.containers.trainingData.put(blob, new TextEncoder().encode(csv), 'text/csv')
  await app.accept(blob)
  return reached(generation, states)
}

function reached(generation: number, states: RunState[]): Promise<Run> {
  return vi.waitFor(async () => {
    await app.step()
    const run = (await app.ports.readRun({ ...key, generation }))?.value
    if (run === undefined || !states.includes(run.state)) {
      throw new Error(`not yet: ${run?.state} ${run?.timeline.at(-1)?.text}`)
    }
    return run
  }, patience)
}

/** What the customer's endpoint answers, asked past the app. */
async function answers(): Promise<string[]> {
  const endpoint = app.customers.find(({ customerId }) => customerId === key.customerId)?.endpoint
  if (endpoint === undefined) throw new Error('no endpoint')
  const rows = scoringRows(readSample(root, key.customerId, 'heldout')).slice(0, 20)
  const scored = await scoreRows(
    endpoint,
    rows.map(({ row }) => row),
  )
  return scored.map((answer) => answer['Scored Probabilities'] ?? '')
}

test('a model that is worse on the same rows does not reach the endpoint; approved it does', async () => {
  const good = await readFile(join(root, 'samples', 'southwest-next.csv'), 'utf8')
  const first = await trained('good.csv', good, 1, ['live', 'rejected', 'failed'])
  expect(first).toMatchObject({ state: 'live', warrant: 'firstModel', holdout: { scored: 211 } })
  const before = await answers()

  const mixedUp = good.replaceAll(/,(yes|no)(?=\r?\n)/g, (_cell, says) => (says === 'yes' ? ',no' : ',yes'))
  const worse = await trained('mixed-up.csv', mixedUp, 2, ['live', 'rejected', 'failed'])
  expect(worse).toMatchObject({ state: 'rejected', decision: { verdict: 'reject', live: 1 } })
  expect(worse.reason).toMatch(/worse on the same 211 rows \(AUC better by -0\.\d+/)
  expect(worse.metrics?.AUC).toBeGreaterThan(0.5)
  expect(await answers()).toEqual(before)

  const by = { by: 'ada', reason: 'to see it answer' }
  expect(await approveRun(app.ports, { ...key, generation: 2 }, by)).toEqual({ kind: 'approved' })
  expect(await reached(2, ['live', 'failed'])).toMatchObject({
    state: 'live',
    warrant: 'override',
    override: by,
  })
  expect(await answers()).not.toEqual(before)
  expect(JSON.stringify([(await app.stores.tables.models.scan({ size: 100 })).rows, app.lines])).not.toMatch(
    /sig=(?!\[cut\])/,
  )
})
