import type { BlobFacts, BlobStore } from '../../shared/lib/blobStore.ts'
import { createMemoryBlobs } from '../../test/fakes/memoryBlobs.ts'
import type { AccountSize } from './account.ts'

const dayMs = 86_400_000
/** The old blobs came over two years, until a month ago. */
const oldDays = 730
const quietDays = 30

/** Whether an ETag of the container is a fresh blob's. */
export function isFresh(etag: string): boolean {
  return etag.startsWith('new')
}

type Contents = AccountSize & { model: string; customerOf(index: number): string; nowMs: number }

/** A container of which only the listing is made up: the old blobs of the heavy customers, then everybody's fresh ones. */
export function createLargeContainer(contents: Contents): BlobStore {
  const { heavy, blobs, fresh, nowMs } = contents
  const each = Math.ceil(blobs / heavy)
  // Of customer c: `each` old blobs where c is heavy, then one fresh where c < fresh. No more customers have any.
  const holders = Math.max(heavy, fresh)
  const startOf = (customer: number) => Math.min(customer, heavy) * each + Math.min(customer, fresh)
  const total = startOf(holders)
  const factsAt = (index: number): BlobFacts => {
    const customer = firstWhere(holders, (candidate) => startOf(candidate + 1) > index)
    const at = index - startOf(customer)
    const isNew = at === (customer < heavy ? each : 0)
    const ageDays = isNew ? 0 : quietDays + oldDays - Math.floor((at * oldDays) / each)
    const writtenMs = isNew ? nowMs - 60_000 : nowMs - ageDays * dayMs
    const name = nameOf(contents, { customer, at, writtenMs })
    return {
      name,
      etag: `${isNew ? 'new' : 'old'}${index}`,
      sizeBytes: 1,
      lastModifiedMs: writtenMs,
      metadata: {},
    }
  }
  const indexOf = (name: string) => firstWhere(total, (index) => factsAt(index).name >= name)
  return {
    ...createMemoryBlobs('training-data', { now: () => nowMs }),
    facts: async (name) => factsAt(indexOf(name)),
    list: async (_prefix, page) => {
      const from = page.next === undefined ? indexOf(page.from ?? '') : Number(page.next)
      const before = Math.min(total, from + page.size)
      const found = Array.from({ length: before - from }, (_none, at) => factsAt(from + at))
      return before < total ? { blobs: found, next: String(before) } : { blobs: found }
    },
  }
}

function nameOf(
  { customerOf, model, isDated }: Contents,
  blob: { customer: number; at: number; writtenMs: number },
): string {
  const number = String(blob.at).padStart(7, '0')
  const day = new Date(blob.writtenMs).toISOString().slice(0, 10)
  return `${customerOf(blob.customer)}/${model}/${isDated ? `${day}/${number}` : number}.csv`
}

/** The first index from 0 to `count` - 1 that fits, where all behind it fit too; `count` where none does. */
function firstWhere(count: number, fits: (index: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(middle)) high = middle
    else low = middle + 1
  }
  return low
}
