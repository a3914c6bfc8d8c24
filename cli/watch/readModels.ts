import type { Cli } from '../cli.ts'
import type { Watched } from './changes.ts'

/** The models of one look: those that were looked at, and all as they are known by then. */
export type Models = { looked: readonly Watched[]; all: readonly Watched[] }

type Page = { items: Watched[]; continuation?: string; mark?: string }

/** So often all are read: off-boarded models are no change. */
const wholeEveryMs = 5 * 60_000

/**
 * Makes what reads the models of `customer`, or of the fleet: all at first and now and then, else those that may have changed
 * since the look before, which is cheap for thousands. An app that knows no marks is asked for all each time.
 */
export function createReader(
  { api, now }: Pick<Cli, 'api' | 'now'>,
  customerId: string | undefined,
): () => Promise<Models> {
  let known = new Map<string, Watched>()
  let mark: string | undefined
  let wholeAtMs = Number.NEGATIVE_INFINITY
  return async () => {
    const isWhole = mark === undefined || now() - wholeAtMs >= wholeEveryMs
    const startedMs = now()
    const read = await readPages(api, { customerId, changedSince: isWhole ? undefined : mark })
    if (isWhole) {
      known = new Map()
      wholeAtMs = startedMs
    }
    for (const model of read.models) known.set(`${model.customerId}/${model.model}`, model)
    mark = read.mark
    return { looked: read.models, all: [...known.values()] }
  }
}

/** The first page's mark is the earliest. */
async function readPages(
  api: Cli['api'],
  query: { customerId: string | undefined; changedSince: string | undefined },
): Promise<{ models: Watched[]; mark: string | undefined }> {
  const models: Watched[] = []
  let mark: string | undefined
  let continuation: string | undefined
  do {
    const page: Page = await api.get<Page>('models', { query: { ...query, limit: 500, continuation } })
    models.push(...page.items)
    mark ??= page.mark
    continuation = page.continuation
  } while (continuation !== undefined)
  return { models, mark }
}
