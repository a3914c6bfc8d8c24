import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { matchOperation, operations, pathTemplate } from '../../gateway/operations.ts'
import { openApiPath } from '../../gateway/pages/files.ts'
import { startTestBed, type Target, type TestBed } from '../emulator/harness.ts'
import { call } from '../emulator/wire.ts'
import { type GatewayBed, startGatewayBed } from './gatewayBed.ts'

type Documented = { operationId: string; summary: string; parameters: { $ref: string }[] }
const document: {
  info: { title: string }
  paths: Record<string, Record<string, Documented>>
  components: { parameters: Record<string, { name: string; in: string }> }
} = JSON.parse(readFileSync(openApiPath, 'utf8'))

let bed: TestBed
let gateway: GatewayBed
let fruit: Target

beforeAll(async () => {
  bed = await startTestBed()
  fruit = bed.target('Fruit [predictive exp.]')
  gateway = await startGatewayBed(bed.emulator.url, { now: Date.now })
})
afterAll(async () => {
  await gateway?.remove()
  await bed?.remove()
})

/** An operation's URL template as the guide writes it, from the document: path, then query parameters by their reference's name. */
function urlTemplate(path: string, { parameters }: Documented): string {
  const names = parameters.map(({ $ref }) => $ref.split('/').at(-1) ?? '')
  const query = names.flatMap((name) => {
    const parameter = document.components.parameters[name]
    return parameter?.in === 'query' ? [`${parameter.name}={${name}}`] : []
  })
  return `${path}?${query.join('&')}`
}

test('the document has the guide’s five operations, with their names and URL templates, as the gateway routes them', () => {
  expect(document.info.title).toBe('AzureML Demo API')
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      name: operation.summary,
      method: method.toUpperCase(),
      urlTemplate: urlTemplate(path, operation),
    })),
  )
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
  expect(documented.sort(byId)).toEqual([...operations].sort(byId))
  expect(operations.map((operation) => operation.urlTemplate)).toEqual([
    '/workspaces/{workspace}/services/{service}/execute?api-version={apiversion}&details={details}',
    '/workspaces/{workspace}/services/{service}/jobs?api-version={apiversion}',
    '/workspaces/{workspace}/services/{service}/jobs/{jobid}/start?api-version={apiversion}',
    '/workspaces/{workspace}/services/{service}/jobs/{jobid}?api-version={apiversion}',
    '/workspaces/{workspace}/services/{service}/jobs/{jobid}?api-version={apiversion}',
  ])
})

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const paths = [...new Set(operations.map(pathTemplate))]

test.each(paths.flatMap((path) => methods.map((method) => [method, path] as const)))(
  '%s %s: the gateway and the emulator both have it, or neither',
  async (method, template) => {
    const { pathname } = new URL(fruit.api)
    const path = template
      .replace('/workspaces/{workspace}/services/{service}', pathname)
      .replace('{jobid}', '0'.repeat(32))
    const isRouted = matchOperation(method, `/azureml-demo${path}`) !== undefined
    expect(isRouted).toBe(
      operations.some((each) => each.method === method && pathTemplate(each) === template),
    )
    // Without a key the emulator says 401 to what it has, 404 to what it does not.
    const { status } = await call(method, `${bed.emulator.url}${path}?api-version=2.0`)
    expect(status).toBe(isRouted ? 401 : 404)
  },
)
