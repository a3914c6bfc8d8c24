import { beforeEach, expect, test } from 'vitest'
import type { Holdout } from '../../../shared/retraining/holdout.ts'
import type { Gate } from '../../../shared/retraining/settings.ts'
import { createWorld, settings, type World } from '../../fakes/world.ts'
import { createApiCalls } from './calls.ts'

let world: World
let api: ReturnType<typeof createApiCalls>
const path = 'customers/contoso/models/census/holdout'
const text = 'age,damage\n39,yes\n40,no\n'
const holdout: Holdout = {
  ...{ blob: 'old.csv', label: 'damage', positive: 'yes', scored: 'Scored Probabilities' },
  ...{ measure: 'AUC', margin: 0.01, staging: { ...settings.endpoint, url: `${settings.endpoint.url}2` } },
}
const gate: Gate = { kind: 'limits', limits: [], holdout }
const headers = { 'x-retrain-reason': 'a test', 'content-type': 'text/csv' }
const put = (csv = text, more: Record<string, string> = {}, to = `${path}?file=held%20out.csv`) =>
  api.call('PUT', to, { headers: { ...headers, ...more }, text: csv })
const used = async () => {
  const written = (await world.ports.readWritten(world.key))?.settings.gate
  return written?.kind === 'limits' ? written.holdout?.blob : undefined
}

beforeEach(async () => {
  world = await createWorld({ gate })
  api = createApiCalls(world.ports)
})

test('a file is kept under a name of its content, and the gate compares on it', async () => {
  const answer = await put()
  const blob = String(answer.body.blob)
  expect(answer).toMatchObject({
    status: 201,
    body: { outcome: 'created', use: 'switched', replaced: 'old.csv' },
  })
  expect(answer.body).toMatchObject({ rows: 2, columns: ['age', 'damage'] })
  expect(blob).toMatch(/^held-out-[0-9a-f]{12}\.csv$/)
  expect(await used()).toBe(blob)
  expect(await world.ports.readHoldout(world.key, blob, 10)).toMatchObject({ kind: 'found', seen: 2 })
  expect((await world.ports.listAudit({ size: 9 })).items).toMatchObject([
    { what: 'keep holdout', outcome: 'done' },
  ])
  expect(await put()).toMatchObject({ status: 200, body: { outcome: 'unchanged', use: 'inUse', blob } })
  expect((await put('age,damage\n39,yes\n41,no\n')).body).toMatchObject({ use: 'switched', replaced: blob })
  expect(await world.ports.readHoldout(world.key, blob, 10)).toMatchObject({
    rows: [{ age: '39' }, { age: '40' }],
  })
})

test('where the gate compares on no rows the file is kept and the settings stay', async () => {
  await world.ports.putSettings(settings)
  const before = (await world.ports.readWritten(world.key))?.etag
  expect(await put()).toMatchObject({ status: 201, body: { use: 'none' } })
  expect((await world.ports.readWritten(world.key))?.etag).toBe(before)
})

test('settings that change at the same moment are not written over', async () => {
  const changing = {
    ...world.ports,
    async writeHoldout(...given: Parameters<World['ports']['writeHoldout']>) {
      const outcome = await world.ports.writeHoldout(...given)
      if (outcome === 'created') await world.ports.putSettings({ ...settings, gate, quietSeconds: 77 })
      return outcome
    },
  }
  api = createApiCalls(changing)
  const answer = await put()
  expect(answer.body).toMatchObject({ outcome: 'created', use: 'switched' })
  expect((await world.ports.readWritten(world.key))?.settings.quietSeconds).toBe(77)
  expect(await used()).toBe(answer.body.blob)
})

test('with If-Match the file is refused when the settings are others', async () => {
  const { headers: shown } = await api.get('customers/contoso/models/census')
  await world.ports.putSettings({ ...settings, gate, quietSeconds: 77 })
  expect(await put(text, { 'if-match': shown.etag ?? '' })).toMatchObject({ status: 412 })
  expect(await used()).toBe('old.csv')
})

test.each<[when: string, csv: string, more: Record<string, string>, status: number, words: RegExp]>([
  [
    'no label',
    'age,speed\n1,2\n3,4\n',
    {},
    422,
    /^Cannot keep held out.csv: it has no column damage; it has age/,
  ],
  ['no text', 'age,damage\n\u0000,yes\n1,no\n', {}, 422, /it is no text in UTF-8$/],
  ['an endless record', `age,damage\n"${'x'.repeat(200_000)}`, {}, 422, /a record has more than/],
  ['another type', text, { 'content-type': 'application/json' }, 415, /set content-type: text\/csv$/],
  ['more than 8 MB', `age,damage\n${'1,yes\n'.repeat(1_500_000)}`, {}, 413, /larger than 8 MB/],
  ['no body', '', {}, 400, /body: there is none: the file is the body/],
  ['no reason', text, { 'x-retrain-reason': '' }, 400, /needs a reason, in the header x-retrain-reason$/],
])('a file with %s is refused and nothing is written', async (_when, csv, more, status, words) => {
  const answer = await put(csv, more)
  expect(answer).toMatchObject({ status, body: { detail: expect.stringMatching(words) } })
  expect(await used()).toBe('old.csv')
  expect((await world.containers.holdouts.list('', { size: 9 })).blobs).toEqual([])
})

test('a file for a model that nobody knows is refused', async () => {
  expect(await put(text, {}, 'customers/contoso/models/churn/holdout')).toMatchObject({ status: 404 })
})
