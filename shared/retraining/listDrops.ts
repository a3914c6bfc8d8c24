import type { Drop } from './drop.ts'
import type { ModelKey } from './names.ts'

/** What listing a model's drops needs. */
export type ListDropsPorts = {
  readDrops(
    key: ModelKey,
    page: { size: number; next?: string },
  ): Promise<{ drops: Drop[]; next?: string | undefined }>
}

/** Which drops are wanted; `reason` is found in why a drop is excluded or was not trained on, whatever its case. */
export type DropFilter = {
  state?: Drop['state'] | undefined
  generation?: number | undefined
  reason?: string | undefined
}

/** A page looks through this many pages of rows at most, so that a rare filter does not hold a request up. */
const mostPages = 20

/**
 * A page of a model's drops, `size` at most, in the order of their ids. With a filter a page may be short, even empty, and
 * still have a `next`.
 */
export async function listDrops(
  ports: ListDropsPorts,
  key: ModelKey,
  query: DropFilter & { size: number; next?: string | undefined },
): Promise<{ drops: Drop[]; next?: string | undefined }> {
  const found: Drop[] = []
  let next = query.next
  for (let pages = 0; pages < mostPages; pages++) {
    const size = query.size - found.length
    const page = await ports.readDrops(key, next === undefined ? { size } : { size, next })
    found.push(...page.drops.filter((drop) => isWanted(drop, query)))
    next = page.next
    if (next === undefined || found.length >= query.size) break
  }
  return { drops: found, next }
}

/** Whether a drop passes the filter. Pure. */
export function isWanted(drop: Drop, { state, generation, reason }: DropFilter): boolean {
  if (state !== undefined && drop.state !== state) return false
  if (generation !== undefined && drop.generation !== generation) return false
  const texts = `${drop.excludedFor ?? ''}\n${drop.reason ?? ''}`.toLowerCase()
  return reason === undefined || texts.includes(reason.toLowerCase())
}
