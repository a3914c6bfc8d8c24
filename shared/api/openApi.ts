import { z } from 'zod'
import { openApiOperation } from './openApiOperation.ts'
import type { Route } from './route.ts'

type Json = Record<string, unknown>

const description = `Retraining of customers' models, for operators and their programs.

Every write needs a reason, in the header \`x-retrain-reason\` or the body's field \`reason\`; it is kept in the audit log with who
asked (\`x-retrain-caller\`, or the principal where Microsoft Entra ID stands in front). Lists are paged: \`limit\`, and the
\`continuation\` that the page before answered. What goes wrong is answered as \`application/problem+json\`.`

const problem = z.object({
  type: z.string().meta({ description: '`urn:retrain:problem:` and the code' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'One sentence that says what to do' }),
  code: z.string().meta({ description: 'What programs read: it never changes' }),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})

/**
 * The OpenAPI 3 document of these routes, made of their schemas. Pure.
 * Source: spec.openapis.org/oas/v3.0.3.
 */
export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = `/${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: openApiOperation(route) }
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Retraining',
      version: '1',
      description,
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    },
    servers: [{ url: '/api', description: 'This app' }],
    tags: [...new Set(routes.map(({ topic }) => topic))].map((name) => ({
      name,
      description: `Routes about ${name}`,
    })),
    paths,
    components: { schemas: { Problem: schemaOf(problem) }, ...responses, securitySchemes },
  }
}

const responses = {
  responses: {
    Problem: {
      description: 'What went wrong, and what to do. A wrong or missing key is answered 401 without a body.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
}

const securitySchemes = {
  functionKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-functions-key',
    description: 'A function key of the app',
  },
  masterKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-functions-key',
    description: 'The host’s master key: for what is marked admin',
  },
}

function schemaOf(schema: z.ZodType): unknown {
  const { $schema: _version, ...rest } = z.toJSONSchema(schema, { target: 'openapi-3.0' })
  return rest
}
