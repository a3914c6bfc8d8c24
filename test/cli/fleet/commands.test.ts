import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createApiCalls } from '../../shared/api/calls.ts'
import { createOnboarding, predictive } from '../../shared/retraining/onboardPlay.ts'
import { startApi } from '../apiServer.ts'
import { type Ended, runLine } from '../runLine.ts'

let folder: string
let app: Awaited<ReturnType<typeof createOnboarding>>
let retrain: (...args: string[]) => Promise<Ended>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => connect())

/** The real routes over memory, behind a socket. */
async function connect(given: { resources?: string[]; silentCalls?: number } = {}): Promise<void> {
  app = await createOnboarding(given)
  const api = createApiCalls(app.ports)
  const { url } = await startApi(async ({ method, path, headers, body }) => {
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    const answer = await api.call(method, path, { headers: sent, ...(body !== '' && { text: body }) })
    return { status: answer.status, body: answer.body, headers: answer.headers }
  })
  retrain = (...args) => runLine(args, { env: { RETRAIN_URL: url, RETRAIN_KEY: 'k' }, pause: async () => {} })
}

function write(text: string): string {
  const file = join(folder, 'fleet.yaml')
  writeFileSync(file, text)
  return file
}

const fleet = `models:
  churn: {quietSeconds: 5}
customers:
  adatum: [churn]
  fabrikam:
    churn: {endpoint: fab1}
`

describe('apply', () => {
  test('shows a plan, makes it so, and changes nothing the second time', async () => {
    const file = write(fleet)
    const plan = await retrain('apply', file, '--plan')
    expect(plan.stdout).toContain('endpoint fab1, trained by census training')
    expect(app.management.endpoints.size).toBe(0)
    const done = await retrain('apply', file, '--yes')
    expect(done).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/added 2 in \d+ s\n$/) })
    expect(done.stderr).toContain('1 model is not in the file and stays (--prune off-boards them)')
    expect(await retrain('apply', file, '--yes')).toMatchObject({
      exitCode: 0,
      stdout: 'nothing to change\n',
    })
    expect([...app.management.endpoints.values()].map(({ puts }) => puts)).toEqual([1, 1])
  })

  test('shows which fields differ', async () => {
    await retrain('apply', write(fleet), '--yes')
    const plan = await retrain('apply', write(fleet.replace('quietSeconds: 5', 'quietSeconds: 6')), '--plan')
    expect(plan.stdout).toMatch(/~ +model +adatum\/churn +quietSeconds: 5 -> 6/)
  })

  test('a predictive web service that moved to another host takes its models with it, also after a crash between', async () => {
    await retrain('apply', write(fleet), '--yes')
    const managementUrl = 'https://moved.example/workspaces/w/webservices/s'
    const { name, ...service } = { ...predictive, managementUrl }
    const services = `services: {predictive: {${name}: ${JSON.stringify(service)}}}\n`
    await retrain('apply', write(services), '--yes')
    const moved = write(services + fleet)
    const done = await retrain('apply', moved, '--yes')
    expect(done.stdout).toMatch(
      /~ +model +fabrikam\/churn +endpoint URL: .*azureml.* -> https:\/\/moved\.example/,
    )
    const settings = await app.world.ports.readSettings({ customerId: 'fabrikam', model: 'churn' })
    expect(settings?.endpoint.url).toBe('https://moved.example/workspaces/w/webservices/s/endpoints/fab1')
    expect(await retrain('apply', moved, '--yes')).toMatchObject({ stdout: 'nothing to change\n' })
  })

  test('says every error with line and column, and changes nothing', async () => {
    const file = write(
      `${fleet}  contoso: {churn: {endpoint: fab1, colour: red}}\n  lucerne: [census, census]\nservice: {}\n`,
    )
    const ended = await retrain('apply', file, '--yes')
    expect(ended.exitCode).toBe(2)
    expect(ended.stdout).toContain('fleet.yaml:7:37: customers.contoso.churn.colour: there is no such field')
    expect(ended.stdout).toContain('fleet.yaml:9:1: service: there is no such field')
    expect(ended.stdout).toMatch(
      /:7:13: customers.contoso.churn: endpoint fab1: it is that of fabrikam\/churn/,
    )
    expect(ended.stdout).toContain(':8:21: customers.lucerne[1]: census is there twice')
    expect(ended.stderr).toMatch(/^Cannot apply .*: 4 errors; nothing was changed\n$/)
    expect(app.management.endpoints.size).toBe(0)
  })

  test('asks first, and without a terminal changes nothing', async () => {
    const ended = await retrain('apply', write(fleet))
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes answers it') })
    expect(app.management.endpoints.size).toBe(0)
  })

  test('lists what failed and why, and does the rest', async () => {
    const text = fleet.replace('{endpoint: fab1}', '{endpoint: fab1, resourceName: Wrong}')
    const ended = await retrain('apply', write(text), '--yes')
    expect(ended.exitCode).toBe(1)
    expect(ended.stdout).toMatch(/fabrikam\/churn: .*has no resource "Wrong"; it has "Census Model/)
    expect(ended.stdout).toMatch(/added 1 in \d+ s; 1 failed: the same command goes on/)
    expect(await app.world.ports.readSettings({ customerId: 'adatum', model: 'churn' })).toBeDefined()
  })

  test('waits for an endpoint that does not answer yet', async () => {
    await connect({ silentCalls: 2 })
    const ended = await retrain(
      'apply',
      write(fleet.replace('{quiet', '{probeRow: {age: "39"}, quiet')),
      '--yes',
    )
    expect(ended.exitCode).toBe(0)
  })

  test('removes only with --prune and a reason', async () => {
    await retrain('apply', write(fleet), '--yes')
    const less = write('customers: {contoso: {census: {endpoint: contoso}}}\n')
    expect((await retrain('apply', less, '--prune', '--plan')).stdout).toMatch(
      /- +model +adatum\/churn +off-board/,
    )
    expect((await retrain('apply', less, '--prune', '--yes')).stderr).toMatch(/needs a reason/)
    await retrain('apply', less, '--prune', '--yes', '--reason', 'they left')
    expect(app.management.deleted.sort()).toContain('fab1')
    expect(await app.world.ports.readSettings({ customerId: 'adatum', model: 'churn' })).toBeUndefined()
  })
})

describe('customers', () => {
  test('alone lists them, as many as are asked for', async () => {
    await retrain('apply', write(fleet), '--yes')
    const all = await retrain('customers')
    expect(all.stdout).toMatch(/adatum.*fabrikam/s)
    const one = await retrain('customers', '--limit', '1')
    expect(one.stdout).not.toContain('fabrikam')
    expect(one.stderr).toBe('these are the first 1: --limit N or --all shows more\n')
  })

  test('are added with the only services there are, listed and removed', async () => {
    const added = await retrain('customers', 'add', 'adatum', '--model', 'churn')
    expect(added).toMatchObject({ exitCode: 0, stdout: 'adatum/churn is added; its endpoint was made\n' })
    const listed = await retrain('customers', 'list', '--customers', 'a*', '--json')
    expect(JSON.parse(listed.stdout)).toMatchObject({
      customerId: 'adatum',
      settings: { predictiveService: 'census' },
    })
    const removed = await retrain('customers', 'remove', 'adatum', '--yes', '--reason', 'they left')
    expect(removed).toMatchObject({ exitCode: 0, stdout: 'off-boarded adatum/churn; the history stays\n' })
    const unknown = ['customers', 'remove', 'adatum', '--model', 'churning', '--yes', '--reason', 'x']
    expect(await retrain(...unknown)).toMatchObject({ exitCode: 3 })
    expect(await retrain('customers', 'remove', 'nobody', '--yes', '--reason', 'x')).toMatchObject({
      exitCode: 3,
      stderr: 'Cannot off-board nobody: there is no such customer\n',
    })
  })
})

describe('import', () => {
  test('writes a file that apply takes over, untouched', async () => {
    for (const name of ['adatum', 'tailspin']) await app.ports.createEndpoint(predictive, name, {})
    const file = join(folder, 'imported.yaml')
    const ended = await retrain('import', '--service', 'census', '--model', 'churn', '--out', file)
    expect(ended).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('2 endpoints are in') })
    expect(parse(readFileSync(file, 'utf8')).customers).toEqual({ adatum: ['churn'], tailspin: ['churn'] })
    expect((await retrain('apply', file, '--yes')).stdout).toContain('added 2')
    expect([...app.management.endpoints.values()].map(({ puts }) => puts)).toEqual([1, 1])
    expect(app.management.secrets.size).toBe(2)
    expect((await retrain('apply', file, '--yes')).stdout).toBe('nothing to change\n')
    expect((await retrain('import', '--service', 'census', '--out', file)).stderr).toMatch(
      /such a file already/,
    )
  })
})

describe('refresh', () => {
  test('is a plan first, then the endpoints that are named', async () => {
    await retrain('apply', write(fleet), '--yes')
    const plan = await retrain('refresh', '--customers', 'fab*', '--plan')
    expect(plan.stdout).toMatch(/fabrikam\/churn +fab1 +as published +refresh; the model stays/)
    const done = await retrain('refresh', '--model', 'churn', '--yes')
    expect(done.stdout).toContain('0 refreshed, 2 were in step, 0 failed')
  })
})
