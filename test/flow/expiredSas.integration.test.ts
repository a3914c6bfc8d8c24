import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../shared/retraining/run.ts'
import { startRetraining } from '../../shared/retraining/startRetraining.ts'
import { type Flow, model, sampleText, startFlow } from './play.ts'

const hourMs = 3_600_000
const next = await sampleText('southwest-next.csv')

let flow: Flow
beforeAll(async () => {
  flow = await startFlow()
})
afterAll(() => flow?.stop())

const keyOf = (customerId: string) => ({ customerId, model, generation: 1 })

/** The drop lands, and the test plays the start itself. */
async function land(customerId: string) {
  await flow.drop(customerId, 'next.csv', next)
  for (const message of await flow.stores.queues.startRequests.receive(16, 60)) {
    await flow.stores.queues.startRequests.remove(message)
  }
}

/** As if the run's own schedule were due now. */
async function hurry(customerId: string, change: Partial<Run> = {}): Promise<void> {
  const stored = await flow.ports.readRun(keyOf(customerId))
  if (stored === undefined) throw new Error('no run')
  const run: Run = { ...stored.value, retry: undefined, ...change }
  expect(await flow.ports.commit(run, { runs: [{ value: run, etag: stored.etag }] })).toBe('committed')
  if (run.poll === undefined) await flow.ports.sendStart({ v: 1, customerId, model }, 0)
  else await flow.ports.sendPoll({ v: 1, ...keyOf(customerId), token: run.poll.token }, 0)
}

test("tokens of a job's outputs that are out of date: the next poll asks for fresh ones", async () => {
  await flow.fault({ kind: 'expiredSas' })
  await flow.drop('southwest', 'next.csv', next)
  const refused = await flow.reached('southwest', 1, (run) => run.retry !== undefined)
  expect(refused).toMatchObject({ state: 'training' })
  expect(refused.timeline.at(-1)?.text).toMatch(/Cannot read the job output .*403 Auth/)
  await hurry('southwest')
  expect(await flow.ended('southwest', 1)).toMatchObject({ state: 'live', attempt: 1, jobId: refused.jobId })
})

test('an input whose token is out of date fails the job; the next attempt has a fresh one', async () => {
  const agoMs = Date.now() - hourMs
  await land('us-airways')
  const { signInput } = flow.ports
  await startRetraining(
    { ...flow.ports, signInput: (key, name) => signInput(key, name, agoMs - hourMs, agoMs) },
    keyOf('us-airways'),
  )
  const again = await flow.reached('us-airways', 1, (run) => run.attempt === 2)
  expect(again).toMatchObject({ state: 'queued', platformFailures: 1 })
  expect(again.timeline.at(-1)?.text).toMatch(/^attempt 1 ended: job failed: Error 0030: [^\n]*403 Auth/)
  await hurry('us-airways')
  expect(await flow.ended('us-airways', 1)).toMatchObject({ state: 'live', attempt: 2 })
})

test('a submitted job whose input would run out is deleted unstarted, and another one is started', async () => {
  await land('american')
  const stopped = async () => {
    throw new Error('the process ended here')
  }
  await startRetraining({ ...flow.ports, startJob: stopped }, keyOf('american'))
  const submitted = (await flow.ports.readRun(keyOf('american')))?.value
  expect(submitted?.state).toBe('submitted')
  await hurry('american', { inputExpiresAtMs: Date.now() + 60_000 })
  await flow.reached('american', 1, (run) => run.attempt === 2)
  await hurry('american')
  const run = await flow.ended('american', 1)
  expect(run).toMatchObject({ state: 'live', attempt: 2 })
  const jobs = await flow.jobs()
  expect(jobs.find(({ id }) => id === submitted?.jobId)?.starts ?? 0).toBe(0)
  expect(jobs.find(({ id }) => id === run.jobId)?.starts).toBe(1)
})

test('no token is left in rows, queues and log', async () => {
  const { rows } = await flow.stores.tables.models.scan({ size: 1_000 })
  expect(rows.length).toBeGreaterThan(3)
  expect(JSON.stringify([rows, flow.lines])).not.toMatch(/sig=(?!\[cut\])/)
})
