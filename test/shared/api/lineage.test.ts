import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TerminalError } from '../../../shared/retraining/errors.ts'
import { startApi } from '../../cli/apiServer.ts'
import { runLine } from '../../cli/runLine.ts'
import { createWorld, dropped } from '../../fakes/world.ts'
import { parseExport } from '../../replay/readExport.ts'
import { replay } from '../../replay/replay.ts'
import { createApiCalls } from './calls.ts'

const model = 'customers/contoso/models/census'
const hook = { url: 'https://contoso.example/hook', secret: 'keyvault:contoso-hook' }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'retrain-lineage-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function live() {
  const world = await createWorld()
  await dropped(world)
  await world.play(300)
  const api = createApiCalls(world.ports)
  const headers = { 'x-retrain-reason': 'a test' }
  const put = (path: string, body: unknown) => api.call('PUT', path, { body, headers })
  const remove = (path: string) => api.call('DELETE', path, { headers })
  return { world, api: { ...api, put, remove } }
}

describe('webhooks', () => {
  test.each([
    ['the fleet', 'webhooks', 'fleet'],
    ['a model', `${model}/webhook`, 'own'],
  ])('of %s are set, shown without the secret itself, tried and removed', async (_name, path, kind) => {
    const { world, api } = await live()
    expect(await api.call('PUT', path, { body: hook })).toMatchObject({ status: 400 })
    expect(await api.put(path, hook)).toMatchObject({ status: 200, body: { outcome: 'set' } })
    const shown = (await api.get(path)).body
    expect(kind === 'fleet' ? shown.fleet : shown).toEqual(hook)
    expect((await api.post(`${path}/test`)).body).toEqual({ outcome: 'accepted', status: 204 })
    expect(world.services.receiver.posts).toMatchObject([
      { webhook: hook, event: { type: 'retraining.test' } },
    ])
    expect((await api.remove(path)).body).toEqual({ outcome: 'removed' })
    expect(await api.remove(path)).toMatchObject({ status: 404, body: { code: 'no-webhook' } })
    expect(await api.post(`${path}/test`)).toMatchObject({ status: 404 })
    const { items } = await world.ports.listAudit({ size: 10 })
    expect(items.length).toBeGreaterThanOrEqual(4)
  })

  test('a secret in the clear, a URL that may not be called and an unknown model are refused', async () => {
    const { world, api } = await live()
    const inTheClear = { ...hook, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }
    expect(await api.put('webhooks', inTheClear)).toMatchObject({ status: 400 })
    world.ports.checkWebhookUrl = () => {
      throw new TerminalError('Cannot use the webhook at 10.0.0.1: it is an address, not a name')
    }
    expect(await api.put('webhooks', hook)).toMatchObject({ status: 422, body: { code: 'wrong-webhook' } })
    world.ports.checkWebhookUrl = () => undefined
    const unknown = 'customers/contoso/models/nothing/webhook'
    expect(await api.put(unknown, hook)).toMatchObject({ status: 404, body: { code: 'no-such-model' } })
    expect(await api.get(unknown)).toMatchObject({ status: 404 })
  })

  test('receivers in trouble are listed, and what is on its way to them', async () => {
    const { world, api } = await live()
    await api.put('webhooks', hook)
    const refused = { kind: 'refused', reason: 'HTTP 500' } as const
    world.services.receiver.outcomes.push(refused, refused)
    await dropped(world, 'contoso/census/april.csv', 'age\n40\n')
    await world.play(200)
    const { body } = await api.get('webhooks')
    expect(body).toMatchObject({ fleet: { ...hook, trouble: { reason: 'HTTP 500' } }, waiting: 1 })
    expect(body.troubles).toMatchObject([{ owner: 'fleet', url: hook.url }])
  })
})

describe('passports and exports', () => {
  test('of a live run; of others there is none', async () => {
    const { api } = await live()
    const { body } = await api.get(`${model}/runs/1/passport?chain=true`)
    expect(body).toMatchObject({ passports: [{ generation: 1, sequence: 1, previous: null }], more: false })
    expect(await api.get(`${model}/runs/2/passport`)).toMatchObject({ status: 404 })
    const rejected = await createWorld({ gate: { kind: 'limits', limits: ['AUC >= 0.99'] } })
    await dropped(rejected)
    await rejected.play(300)
    const answer = await createApiCalls(rejected.ports).get(`${model}/runs/1/passport`)
    expect(answer).toMatchObject({ status: 404, body: { code: 'no-passport' } })
  })

  test('an export that came over HTTP is played again', async () => {
    const { api } = await live()
    const { body } = await api.get(`${model}/runs/1/export?data=true`)
    expect(body.input).toBe('age\n39\n')
    expect(await replay(parseExport(body))).not.toHaveProperty('difference')
  })
})

describe('on the command line', () => {
  test('a passport is written to a file and verified; a changed one is found', async () => {
    const { api } = await live()
    const { body } = await api.get(`${model}/runs/1/passport`)
    const { url } = await startApi(() => ({ body }))
    const file = join(folder, 'passport.json')
    const env = { RETRAIN_URL: url, RETRAIN_KEY: 'k' }
    const line = ['runs', 'show', 'contoso', 'census', '1', '--passport', '--out', file]
    expect(await runLine(line, { env })).toMatchObject({ exitCode: 0 })
    const data = join(folder, 'march.csv')
    writeFileSync(data, 'age\n39\n')
    const verified = await runLine(['verify', file, '--data', data])
    expect(verified).toMatchObject({ exitCode: 0, stderr: '' })
    expect(verified.stdout).toContain('its hash is that of its content')
    expect(verified.stdout).toContain('which was trained on')
    const forged = (await readFile(file, 'utf8')).replace('"AUC": 0.9', '"AUC": 0.95')
    writeFileSync(file, forged)
    const found = await runLine(['verify', file, '--model', data, '--json'])
    expect(found.exitCode).toBe(1)
    expect(JSON.parse(found.stdout)).toMatchObject({ isGood: false })
  })

  test.each([
    ['no file', 'nothing.json', undefined, 3],
    ['no JSON', 'text.json', 'hello', 1],
    ['no passport', 'other.json', '{"a":1}', 1],
  ])('verify of %s ends with one line', async (_name, name, text, exitCode) => {
    const file = join(folder, name)
    if (text !== undefined) writeFileSync(file, text)
    const ended = await runLine(['verify', file])
    expect(ended).toMatchObject({ exitCode, stdout: '' })
    expect(ended.stderr).toMatch(/^Cannot [^\n]+\n$/)
  })

  test('a webhook that does not accept a test event ends with 1', async () => {
    const { url } = await startApi(() => ({ body: { outcome: 'refused', reason: 'HTTP 500' } }))
    const ended = await runLine(['webhooks', 'test'], { env: { RETRAIN_URL: url, RETRAIN_KEY: 'k' } })
    expect(ended).toMatchObject({ exitCode: 1, stderr: 'Cannot reach the receiver of the fleet: HTTP 500\n' })
  })
})
