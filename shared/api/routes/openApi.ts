import { z } from 'zod'
import { openApiDocument } from '../openApi.ts'
import { defineRoute, type Route } from '../route.ts'

/** The route that describes all of them; `routes` is asked when it is first called. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let document: Record<string, unknown> | undefined
  return defineRoute({
    name: 'openApi',
    method: 'GET',
    path: 'openapi.json',
    authLevel: 'function',
    topic: 'api',
    summary: 'This document',
    answer: z.record(z.string(), z.unknown()),
    handle: async () => {
      document ??= openApiDocument(routes())
      return { body: document }
    },
  })
}
