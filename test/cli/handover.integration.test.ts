import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../setup/temporaryFolder.ts'
import { startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

const env = (url: string) => ({ env: { RETRAIN_URL: url, RETRAIN_KEY: 'k' } })
const scoringUrl = 'https://ussouthcentral.services.azureml.net/workspaces/w/services/e'

test('an endpoint is handed over with its URL and key', async () => {
  const api = await startApi(() => ({ body: { url: `${scoringUrl}/execute`, key: 'the-key' } }))
  const line = ['customers', 'handover', 'contoso', '--model', 'census', '--reason', 'their client']
  const ended = await runLine(line, env(api.url))
  expect(ended).toMatchObject({ exitCode: 0, stdout: `URL  ${scoringUrl}/execute\nkey  the-key\n` })
  expect(JSON.parse(api.asked[0]?.body ?? '')).toEqual({ again: false, gateway: false })
})

test('through the gateway the customer gets a subscription of its own, and a new key the second time', async () => {
  const folder = temporaryFolder('handover')
  const api = await startApi(() => ({ body: { url: scoringUrl, keyReference: 'file:endpoint-contoso' } }))
  const line = ['customers', 'handover', 'contoso', '--model', 'census', '--gateway', 'http://127.0.0.1:1/']
  const options = { env: { ...env(api.url).env, RETRAIN_STACK: folder } }
  const first = await runLine([...line, '--reason', 'a', '--json'], options)
  const given = JSON.parse(first.stdout)
  expect(given.url).toBe(
    'http://127.0.0.1:1/azureml-demo/workspaces/w/services/e/execute?api-version=2.0&details=true',
  )
  expect(given.key).toMatch(/^[\w-]{20,}$/)
  const second = await runLine([...line, '--again', '--reason', 'lost', '--json'], options)
  expect(JSON.parse(second.stdout).key).not.toBe(given.key)
})

test('a product of another file is taken; one that there is none of hands nothing over', async () => {
  const folder = temporaryFolder('handover')
  const file = join(folder, 'products.json')
  const gold = { id: 'gold', name: 'Gold', endpointKeyMode: 'inject' }
  await writeFile(file, JSON.stringify({ products: [gold] }))
  const api = await startApi(() => ({ body: { url: scoringUrl, keyReference: 'file:endpoint-contoso' } }))
  const line = ['customers', 'handover', 'contoso', '--model', 'census', '--gateway', 'http://127.0.0.1:1/']
  const options = { env: { ...env(api.url).env, RETRAIN_STACK: folder } }
  const more = ['--product', 'Gold', '--reason', 'a', '--json']
  const refused = await runLine([...line, ...more], options)
  expect(refused).toMatchObject({
    exitCode: 2,
    stderr: 'Cannot use the product Gold: there is none of this name; there are Starter, Unlimited\n',
  })
  expect(api.asked).toEqual([])
  const given = await runLine([...line, ...more, '--products', file], options)
  expect(JSON.parse(given.stdout).key).toMatch(/^[\w-]{20,}$/)
  const { stdout } = await runLine(['subscriptions', 'list', '--json'], options)
  expect(JSON.parse(stdout)).toMatchObject({ name: 'contoso-census', product: 'gold' })
})

test('a customer is erased call after call, and the receipt is printed', async () => {
  const receipt = { v: 1, customer: 'erased-1', counts: { 'rows of models': 3 } }
  const answers = [
    { status: 202, body: { state: 'waiting', waitsFor: 'a run' } },
    { status: 202, body: { state: 'going', counts: { messages: 1 } } },
    { body: { state: 'erased', receipt } },
  ]
  const api = await startApi(() => answers.shift() ?? { status: 500 })
  const ended = await runLine(
    ['customers', 'erase', 'fabrikam', '--yes', '--reason', 'asked for'],
    env(api.url),
  )
  expect(ended.exitCode).toBe(0)
  expect(JSON.parse(ended.stdout)).toEqual(receipt)
  expect(api.asked.map(({ path }) => path)).toEqual(['erasures', 'erasures', 'erasures'])
  const unasked = await runLine(['customers', 'erase', 'fabrikam', '--reason', 'asked for'], env(api.url))
  expect(unasked.exitCode).toBe(2)
})

test('the plan of retention says what would go', async () => {
  const removal = { customerId: 'contoso', model: 'census', generation: 3, kind: 'model', names: ['a', 'b'] }
  const api = await startApi(() => ({ body: { items: [removal] } }))
  const ended = await runLine(['retention', 'plan'], env(api.url))
  expect(ended.stdout).toMatch(/contoso +census +3 +model +2\n2 blobs of 1 would be removed/)
})
