import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apiSuffix, operations } from '../../gateway/operations.ts'
import { loadProducts } from '../../gateway/products.ts'
import { propertyOf } from '../../scripts/infra/bicepFile.ts'
import { childrenOf, literalText, type Node, propertiesOf } from '../../scripts/infra/bicepTree.ts'
import { readBicepFiles, readPolicies } from '../../scripts/infra/checkInfra.ts'
import { readLimits } from '../../scripts/infra/policyRules.ts'
import { root } from './folders.ts'

const api = (await readBicepFiles(root)).get('infra/modules/api.bicep')
const textOf = (object: Node, name: string) => {
  const value = propertiesOf(object).find((each) => each.name === name)?.value
  return value && literalText(value)
}
const listed = childrenOf(api?.variables.get('operations') ?? fail('no operations'))
const deployed = listed.map((object) => ({
  id: textOf(object, 'id'),
  name: textOf(object, 'name'),
  method: textOf(object, 'method'),
  urlTemplate: textOf(object, 'urlTemplate') ?? '',
  parameters: childrenOf(
    propertiesOf(object).find((each) => each.name === 'parameters')?.value ?? object,
  ).map((each) => literalText(each)),
}))

function fail(reason: string): never {
  throw new Error(reason)
}

/** Source: manage-with-api-management.md, "Add the operations": letter by letter. */
const guide = [
  [
    'RRS Execute',
    'POST',
    '/workspaces/{workspace}/services/{service}/execute?api-version={apiversion}&details={details}',
  ],
  ['BES Submit', 'POST', '/workspaces/{workspace}/services/{service}/jobs?api-version={apiversion}'],
  [
    'BES Start',
    'POST',
    '/workspaces/{workspace}/services/{service}/jobs/{jobid}/start?api-version={apiversion}',
  ],
  ['BES Status', 'GET', '/workspaces/{workspace}/services/{service}/jobs/{jobid}?api-version={apiversion}'],
  [
    'BES Delete',
    'DELETE',
    '/workspaces/{workspace}/services/{service}/jobs/{jobid}?api-version={apiversion}',
  ],
]

test('the five operations have the guide’s names, verbs and URL templates', () => {
  expect(deployed.map(({ name, method, urlTemplate }) => [name, method, urlTemplate])).toEqual(guide)
})

test('every parameter of a URL template is declared, once, and none besides', () => {
  for (const { urlTemplate, parameters } of deployed) {
    expect(parameters).toEqual([...urlTemplate.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  }
})

test('the operations are those of the gateway', () => {
  expect(deployed.map(({ parameters: _, ...operation }) => operation)).toEqual(operations)
  const resource = api?.resources.find(({ kind }) => kind.startsWith('Microsoft.ApiManagement/service/apis@'))
  const properties = resource && propertyOf(resource, 'properties')
  expect(properties && textOf(properties, 'path')).toBe(apiSuffix)
})

test('the operations are those of the OpenAPI document, with the same parameters of the query', () => {
  const document = JSON.parse(readFileSync(join(root, 'gateway', 'openapi.json'), 'utf8'))
  const resolve = (parameter: { $ref?: string }) =>
    parameter.$ref === undefined
      ? parameter
      : document.components.parameters[parameter.$ref.split('/').at(-1) ?? '']
  const documented = Object.entries<Record<string, { operationId: string; parameters: { $ref?: string }[] }>>(
    document.paths,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters }]) => {
      const query = parameters
        .map(resolve)
        .filter((each) => each.in === 'query')
        .map((each) => each.name)
      return { id: operationId, method: method.toUpperCase(), path, query }
    }),
  )
  const ours = deployed.map(({ id, method, urlTemplate }) => {
    const [path = '', query = ''] = urlTemplate.split('?')
    return { id, method, path, query: [...new URLSearchParams(query).keys()] }
  })
  expect(documented.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
    ours.toSorted((a, b) => (a.id ?? '').localeCompare(b.id ?? '')),
  )
})

test('the policies have the limits of the gateway’s products', () => {
  const policies = new Map(readPolicies(root).map(({ file, text }) => [file, text]))
  for (const { id, rateLimit, quota } of loadProducts()) {
    const limits = readLimits(policies.get(`infra/policies/product-${id}.xml`) ?? fail(`no policy of ${id}`))
    expect({ id, ...limits }).toEqual({ id, 'rate-limit': rateLimit, quota })
    expect(api?.root.text).toContain(`name: 'azureml-${id}'`)
  }
})

test('both names of the subscription key are taken from the request before it goes on', () => {
  for (const { scope, text } of readPolicies(root)) {
    if (scope !== 'api') continue
    expect(text).toContain('<set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />')
    expect(text).toContain('<set-query-parameter name="subscription-key" exists-action="delete" />')
  }
})
