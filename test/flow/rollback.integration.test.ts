import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSample, scoringRows } from '../../local/setup/sample.ts'
import { rollback, unpin } from '../../shared/retraining/rollback.ts'
import { type Flow, model, sampleText, startFlow } from './play.ts'

const root = join(import.meta.dirname, '..', '..')
let flow: Flow
beforeAll(async () => {
  flow = await startFlow()
})
afterAll(() => flow?.stop())

const customerId = 'southwest'
const key = { customerId, model }
const asked = { by: 'ann', reason: 'worse in the field' }

/** What the endpoint answers for rows that no model was trained on. */
async function answers(): Promise<string> {
  const settings = await flow.ports.readSettings(key)
  if (settings === undefined) throw new Error('no settings')
  const rows = scoringRows(readSample(root, customerId, 'heldout')).slice(0, 12)
  const answered = await flow.ports.score(
    settings.endpoint,
    rows.map(({ row }) => row),
  )
  return JSON.stringify(answered)
}

/** The same rows with other answers, so that another model comes of them. */
function turned(csv: string): string {
  return csv.replaceAll(/,(yes|no)$/gm, (_all, label) => (label === 'yes' ? ',no' : ',yes'))
}

test('the old answers return through RRS; a late run does not undo it; after unpin a new drop goes live', async () => {
  const csv = await sampleText('southwest-next.csv')
  await flow.drop(customerId, 'first.csv', csv)
  expect(await flow.ended(customerId, 1)).toMatchObject({ state: 'live' })
  const first = await answers()
  await flow.drop(customerId, 'second.csv', turned(csv))
  expect(await flow.ended(customerId, 2)).toMatchObject({ state: 'live' })
  expect(await answers()).not.toBe(first)

  await flow.drop(customerId, 'third.csv', `${turned(csv)}\n`)
  await flow.reached(customerId, 3, (run) => run.jobId !== undefined)
  expect(await rollback(flow.ports, key, asked)).toEqual({ kind: 'begun', from: 2, to: 1 })
  expect(await flow.ended(customerId, 1)).toMatchObject({
    state: 'live',
    warrant: 'rollback',
    evidence: 'location and probe row',
  })
  expect(await answers()).toBe(first)
  expect(await flow.ended(customerId, 3)).toMatchObject({
    state: 'superseded',
    reason: 'the endpoint is pinned to generation 1',
  })
  expect(await answers()).toBe(first)

  expect(await unpin(flow.ports, key, 'ann')).toEqual({ kind: 'unpinned' })
  await flow.drop(customerId, 'fourth.csv', `${turned(csv)}\n\n`)
  expect(await flow.ended(customerId, 4)).toMatchObject({ state: 'live', warrant: 'gatePassed' })
  expect(await answers()).not.toBe(first)
  expect((await flow.ports.readHead(key))?.value).toMatchObject({ live: 4, floor: 4, barred: 3 })
})
