import { app, type HttpMethod } from '@azure/functions'
import { noSuchRoute } from '../../shared/api/noSuchRoute.ts'
import { routes } from '../../shared/api/routes.ts'
import { answering, serve } from '../../shared/api/serve.ts'
import { connect, type Invocation } from '../../shared/ports.ts'

const opener = (context: Invocation) => ({
  invocationId: context.invocationId,
  connect: () => connect(context),
  report: (line: string) => context.error(line),
})

/** Every route of the HTTP API, a function each. */
for (const route of routes) {
  app.http(route.name, {
    methods: [route.method],
    route: route.path,
    authLevel: route.authLevel,
    handler: (request, context) => serve(route, request, opener(context)),
  })
}

const methods: HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Whatever else is asked for. */
app.http('noSuchRoute', {
  methods,
  route: '{*path}',
  authLevel: 'function',
  handler: (request, context) =>
    answering(request, opener(context), async () => {
      throw noSuchRoute(routes, request)
    }),
})
