import { z } from 'zod'
import type { Route } from './route.ts'

type Json = Record<string, unknown>
type ObjectSchema = { properties?: Record<string, Json>; required?: string[] }

/** One route as an operation of the document. Pure. */
export function openApiOperation(route: Route): Json {
  const { name, summary, topic, authLevel, audited } = route
  const problem = { $ref: '#/components/responses/Problem' }
  return {
    operationId: name,
    summary,
    tags: [topic],
    security: [authLevel === 'admin' ? { masterKey: [] } : { functionKey: [] }],
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...(audited === undefined ? [] : writeHeaders),
      ...(route.matches ? [matchHeader] : []),
    ],
    ...(route.method !== 'GET' && { requestBody: bodyOf(route) }),
    responses: { ...answersOf(route), '4XX': problem, '5XX': problem },
  }
}

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
})

const writeHeaders = [
  header('x-retrain-reason', 'Why; or the body’s field `reason`. One of them is needed'),
  header('x-retrain-caller', 'Who asks, where no principal is known'),
]

const matchHeader = header('if-match', 'The ETag that was read: 412 where somebody changed it since')

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as ObjectSchema
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: property,
  }))
}

/** A write's body, with the reason that each may carry; required when a field of it is. */
function bodyOf({ body, audited, file }: Route): Json {
  if (file !== undefined) {
    return { required: true, content: { [file.type]: { schema: { type: 'string', format: 'binary' } } } }
  }
  const own = body === undefined ? {} : jsonSchema(body, 'input')
  const { properties = {}, required = [] } = own as ObjectSchema
  const reason = { type: 'string', description: 'Why, where the header does not say it' }
  const all = audited === undefined ? properties : { ...properties, reason }
  const schema = { ...own, type: 'object', properties: all }
  return { required: required.length > 0, content: { 'application/json': { schema } } }
}

function answersOf({ answer, statuses = [200], query }: Route): Json {
  const content = { 'application/json': { schema: jsonSchema(answer, 'output') } }
  const isPaged = query !== undefined && 'continuation' in query.shape
  const description = isPaged ? 'A page; the last one has no continuation' : 'Done'
  return Object.fromEntries(statuses.map((status) => [String(status), { description, content }]))
}

/** A schema for the document: answers may grow, so theirs are not closed; a long pattern beside a format is left out. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _version, ...rest } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
    override({ jsonSchema: made }) {
      if (made.format !== undefined) delete made.pattern
      if (io === 'output' && made.additionalProperties === false) delete made.additionalProperties
    },
  })
  return rest
}
