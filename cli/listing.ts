import type { Query } from './apiClient.ts'
import type { Cli } from './cli.ts'

/** How much of a list is shown; `all` goes before `limit`. */
export type ListOptions = { limit?: number; all?: boolean }

/**
 * A list of the API, how much of it is shown to people unless they say so, and the question's other fields; `isSparse` where
 * they let few through, so that a page has to look at many.
 */
export type Listing = { path: string; query?: Query; usual: number; options: ListOptions; isSparse?: boolean }

const mostOfPage = 500

/**
 * Reads a list of the API: with `--json` all of it, an item a line as it comes; else the first ones, and a note says how to
 * see more. Answers the items for people; with `--json` an empty list and how many there were.
 */
export async function readList<Item>(
  cli: Cli,
  { path, query = {}, usual, options, isSparse = false }: Listing,
): Promise<{ items: Item[]; count: number }> {
  const isAll = options.all === true || (cli.json && options.limit === undefined)
  const limit = isAll ? Number.POSITIVE_INFINITY : (options.limit ?? usual)
  const items: Item[] = []
  let count = 0
  const ofPage = isSparse ? mostOfPage : Math.min(limit + 1, mostOfPage)
  for await (const item of cli.api.pages<Item>(path, { ...query, limit: ofPage })) {
    if (count === limit) {
      cli.out.note(`these are the first ${limit}: --limit N or --all shows more`)
      break
    }
    count++
    if (cli.json) cli.out.json(item)
    else items.push(item)
  }
  return { items, count }
}
