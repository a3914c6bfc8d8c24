import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Route } from '../../../shared/api/route.ts'
import { routes } from '../../../shared/api/routes.ts'
import { createApiCalls } from './calls.ts'

type Operation = {
  operationId: string
  security: Record<string, unknown>[]
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: { properties: object } }> }
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
type Document = { openapi: string; paths: Record<string, Record<string, Operation>> }

const document = (await createApiCalls({ redact: (text) => text }).get('openapi.json'))
  .body as unknown as Document
const namesOf = (some: readonly Route[]) => some.map(({ name }) => name)
const operationOf = ({ path, method }: Route) => document.paths[`/${path}`]?.[method.toLowerCase()]

test('every registered route is in the document, and nothing else', () => {
  const described = Object.values(document.paths).flatMap((path) => Object.values(path))
  expect(described.map(({ operationId }) => operationId).sort()).toEqual(
    routes.map(({ name }) => name).sort(),
  )
  expect(document.openapi).toBe('3.0.3')
})

test('names are unique, fit for a function, and no two routes are one address', () => {
  const names = routes.map(({ name }) => name.toLowerCase())
  expect(new Set(names).size).toBe(names.length)
  expect(namesOf(routes).filter((name) => !/^[a-zA-Z][a-zA-Z0-9]{0,62}$/.test(name))).toEqual([])
  const addresses = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{[^}]+\}/g, '{}')}`)
  expect(new Set(addresses).size).toBe(addresses.length)
})

test.each(routes.map((route) => [route.name, route] as const))(
  '%s: its parameters, security and problems are described',
  (_name, route) => {
    const operation = operationOf(route)
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const described = operation?.parameters.filter((each) => each.in === 'path').map(({ name }) => name)
    expect(described).toEqual(inPath)
    expect(Object.keys(route.params?.shape ?? {})).toEqual(inPath)
    expect(operation?.security).toEqual([{ [route.authLevel === 'admin' ? 'masterKey' : 'functionKey']: [] }])
    expect(operation?.responses).toHaveProperty('4XX')
    expect(operation?.responses).toHaveProperty('5XX')
  },
)

test('every write is audited under a verb phrase, needs a reason, and no read is', async () => {
  const writes = routes.filter(({ method, readsOnly }) => method !== 'GET' && readsOnly !== true)
  const silent = writes.filter(({ audited }) => audited === undefined || !/^[a-z-]+( \w.*)?$/.test(audited))
  expect(namesOf(silent)).toEqual([])
  const reads = routes.filter((route) => !writes.includes(route))
  expect(namesOf(reads.filter(({ audited }) => audited !== undefined))).toEqual([])
  for (const route of writes.filter(({ file }) => file === undefined)) {
    const bodySchema = operationOf(route)?.requestBody?.content['application/json']?.schema
    expect(bodySchema?.properties).toHaveProperty('reason')
  }
})

/** All fields of a JSON schema with what each may hold, at any depth. */
function fieldsOf(schema: unknown): [name: string, pattern: string][] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf)
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {} } = schema as { properties?: Record<string, { pattern?: string }> }
  const own = Object.entries(properties).map(([name, { pattern = '' }]): [string, string] => [name, pattern])
  return [...own, ...Object.values(schema).flatMap(fieldsOf)]
}

const secretName =
  /^(?:key|sas|token|signature|password|secret)s?$|(?:Key|Sas|Token|Signature|Password|Secret)s?$/

test('a body that is a file is described as one', () => {
  const withFile = routes.filter(({ file }) => file !== undefined)
  expect(namesOf(withFile)).toEqual(['keepHoldout'])
  for (const route of withFile) {
    expect(operationOf(route)?.requestBody?.content).toEqual({
      'text/csv': { schema: { type: 'string', format: 'binary' } },
    })
  }
})

test('only a handover and an offered upload hand a key or a SAS out; a reference to one is checked to be one', () => {
  const holding = routes.filter(({ answer }) => {
    const fields = fieldsOf(z.toJSONSchema(answer, { io: 'output', unrepresentable: 'any' }))
    return fields.some(
      ([name, pattern]) => secretName.test(name) && !pattern.startsWith('^(?:env|file|keyvault):'),
    )
  })
  const marked = routes.filter(({ handsOutSecret }) => handsOutSecret === true)
  expect(namesOf(holding.filter((route) => !marked.includes(route)))).toEqual([])
  expect(marked.map(({ path }) => path.split('/').at(-1)).filter((end) => end !== 'handover')).toEqual([
    'drops',
  ])
})

/** The places where an object of a body's schema takes any field. */
function openPlaces(schema: unknown, place = ''): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => openPlaces(item, `${place}.${index}`))
  if (typeof schema !== 'object' || schema === null) return []
  const { type, properties, additionalProperties } = schema as Record<string, unknown>
  const isOpen = type === 'object' && properties !== undefined && additionalProperties === undefined
  return [
    ...(isOpen ? [place] : []),
    ...Object.entries(schema).flatMap(([name, value]) => openPlaces(value, `${place}.${name}`)),
  ]
}

test('no body takes fields that nobody reads', () => {
  const open = routes.flatMap(({ name, body }) =>
    body === undefined ? [] : openPlaces(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }), name),
  )
  expect(open).toEqual([])
})

/** OpenAPI 3.0 says of a bound whether it is exclusive; later drafts say it otherwise. */
function withoutFlags(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (name, value) =>
    /^exclusive(?:Min|Max)imum$/.test(name) && typeof value === 'boolean' ? undefined : value,
  )
}

test('every schema of the document can be compiled', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false })
  const schemas = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .flatMap(({ responses, parameters }) => [
      ...Object.values(responses).flatMap(({ content = {} }) => Object.values(content)),
      ...parameters,
    ])
  for (const { schema } of schemas) ajv.compile(withoutFlags(schema))
  expect(schemas.length).toBeGreaterThan(routes.length)
})
