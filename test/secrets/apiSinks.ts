import type { Route } from '../../shared/api/route.ts'
import { routes } from '../../shared/api/routes.ts'
import type { createApiCalls } from '../shared/api/calls.ts'
import type { Sink } from './search.ts'

type Calls = ReturnType<typeof createApiCalls>

/** What every read of the API answers about these models' runs and all that is not one model's. */
export async function apiSinks(
  api: Calls,
  models: readonly { customerId: string; model: string; generation: number }[],
): Promise<Sink[]> {
  const paths = routes
    .filter(({ method }) => method === 'GET')
    .flatMap((route) => models.map((model) => addressOf(route, { ...model, name: 'birdstrikes training' })))
  const sinks: Sink[] = []
  for (const path of new Set(paths)) {
    const { body, headers } = await api.get(path)
    sinks.push({ where: `GET ${path}`, text: JSON.stringify([body, headers]) })
  }
  return sinks
}

function addressOf({ path }: Route, values: Record<string, string | number>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_part, name: string) => encodeURIComponent(values[name] ?? 'x'))
}
