import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createClassicManagement } from '../../../../shared/adapters/classic/classicManagement.ts'
import type { ManagementPort, PredictiveService } from '../../../../shared/retraining/predictiveServices.ts'
import { startTestBed, type Target, type TestBed } from '../../../emulator/harness.ts'
import { patience } from '../../../setup/patience.ts'
import { classicOptions } from './scriptedService.ts'

let bed: TestBed
const lines: string[] = []
let target: Target
let management: ManagementPort
let service: PredictiveService
let options: ReturnType<typeof classicOptions>

beforeAll(async () => {
  bed = await startTestBed({ report: (line) => lines.push(line) })
  target = bed.target('Fruit [predictive exp.]')
  options = classicOptions({ TOKEN: bed.token, WRONG: 'no-token' })
  management = createClassicManagement(options)
  const managementUrl = target.management.replace(/\/endpoints\/default$/, '')
  service = { name: 'fruit', managementUrl, token: 'env:TOKEN' }
})
afterAll(async () => {
  await options.close()
  await bed.remove()
})

test('an endpoint is not there, made as the template says, and found with key and resources', async () => {
  expect(await management.findEndpoint(service, 'contoso')).toBeUndefined()
  await management.createEndpoint(service, 'contoso', {
    description: 'fruit of contoso',
    throttleLevel: 'High',
    maxConcurrentCalls: 30,
    logging: 'Error',
    sampleData: false,
  })
  const found = await management.findEndpoint(service, 'contoso')
  expect(found).toMatchObject({ name: 'contoso', isDefault: false, preventUpdate: false })
  expect(found?.resources.map(({ name }) => name)).toEqual(['Fruit [trained model]'])
  expect(found?.scoringUrl).toContain('/services/')
  expect(found?.key.reveal()).toBe(bed.target('Fruit [predictive exp.]', 'contoso').key)
  expect(JSON.stringify(found)).not.toContain(found?.key.reveal())
})

test('made again it keeps its keys', async () => {
  const before = await management.findEndpoint(service, 'contoso')
  await management.createEndpoint(service, 'contoso', { throttleLevel: 'Low' })
  const after = await management.findEndpoint(service, 'contoso')
  expect(after?.key.reveal()).toBe(before?.key.reveal())
  expect(after?.scoringUrl).toBe(before?.scoringUrl)
})

test('the list has every endpoint by name and no key', async () => {
  const list = await management.listEndpoints(service)
  expect(list.map(({ name }) => name)).toEqual(['contoso', 'default'])
  expect(JSON.stringify(list)).not.toContain(target.key)
})

test('a refresh of what is in step changes nothing', async () => {
  expect(await management.refreshEndpoint(service, 'contoso')).toBe('unchanged')
})

test('a refresh takes a changed experiment over, once, and the resource stays', async () => {
  const before = await management.findEndpoint(service, 'contoso')
  const file = join(bed.folder, 'experiments', 'fruit.json')
  const changes = { globalParameters: { 'Append score columns to output': { default: 'False' } } }
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...changes }))
  const isUpdated = () => expect(lines.join('\n')).toContain('is updated at its default endpoint')
  await vi.waitFor(isUpdated, { ...patience, interval: 20 })
  expect(await management.refreshEndpoint(service, 'contoso')).toBe('refreshed')
  expect(await management.refreshEndpoint(service, 'contoso')).toBe('unchanged')
  expect((await management.findEndpoint(service, 'contoso'))?.resources).toEqual(before?.resources)
})

test('deleted it is gone, and deleting it again is fine', async () => {
  await management.deleteEndpoint(service, 'contoso')
  expect(await management.findEndpoint(service, 'contoso')).toBeUndefined()
  await management.deleteEndpoint(service, 'contoso')
})

test('a name against the rule is refused with the service’s own words', async () => {
  await expect(management.createEndpoint(service, 'Not-A-Name', {})).rejects.toThrow(
    /Cannot create the endpoint Not-A-Name of fruit: 400 .*lower-case letters or digits/,
  )
})

test('a web service that is not there is an error, not a missing endpoint', async () => {
  const other = { ...service, managementUrl: service.managementUrl.replace(/[^/]+$/, '0'.repeat(32)) }
  await expect(management.findEndpoint(other, 'contoso')).rejects.toThrow(/404 .*WebServiceNotFound/)
})

test('a wrong token is a refused credential', async () => {
  await expect(management.listEndpoints({ ...service, token: 'env:WRONG' })).rejects.toMatchObject({
    name: 'CredentialRefused',
  })
})
