import { z } from 'zod'
import type { StoredRow, TableStore } from '../lib/tableStore.ts'
import type { DeadLetterStore, DeadLetters, ListedLetter } from '../retraining/stores.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

const letter = z.object({
  source: z.string(),
  reason: z.string(),
  body: z.string(),
  customerId: z.string().optional(),
  model: z.string().optional(),
  generation: z.number().optional(),
  recordedAtMs: z.number(),
  resentAtMs: z.number().optional(),
  dismissedAtMs: z.number().optional(),
})

const codec = createRowCodec<Omit<ListedLetter, 'id'>>('deadLetters', letter, [])
const partition = 'letters'
const longest = 4_000

/** What could not be done: listed, the newest of a page first, with its reason and what is needed to send it again. */
export type DeadLetterTable = DeadLetters &
  DeadLetterStore & {
    readDeadLetters(page: {
      size: number
      next?: string
    }): Promise<{ letters: ListedLetter[]; next?: string }>
  }

/** The `deadLetters` table; every text passes `redact` and is cut. The same source and id again is the same letter. */
export function createDeadLetterTable(
  deadLetters: TableStore,
  redact: (text: string) => string,
): DeadLetterTable {
  const mark = async (id: string, instants: Pick<ListedLetter, 'resentAtMs' | 'dismissedAtMs'>) => {
    const row = await deadLetters.get(partition, id)
    if (row === undefined) return
    const cells = codec.encode({ ...codec.decode(row.cells), ...instants })
    await deadLetters.replace({ partitionKey: partition, rowKey: id, cells }, row.etag)
  }
  return {
    async recordDeadLetter({ source, id, reason, body, key, atMs }) {
      const cells = codec.encode({
        source,
        reason: redact(reason).slice(0, longest),
        body: redact(body).slice(0, longest),
        customerId: key?.customerId,
        model: key?.model,
        generation: key?.generation,
        recordedAtMs: atMs,
      })
      await deadLetters.insert({ partitionKey: partition, rowKey: hash(`${source}|${id}`), cells })
    },
    async readDeadLetter(id) {
      const row = await deadLetters.get(partition, id)
      return row && listed(row)
    },
    markResent: (id, atMs) => mark(id, { resentAtMs: atMs }),
    markDismissed: (id, atMs) => mark(id, { dismissedAtMs: atMs }),
    async readDeadLetters(page) {
      const { rows, next } = await deadLetters.list(partition, {}, page)
      const letters = rows.map(listed).toSorted((one, other) => other.recordedAtMs - one.recordedAtMs)
      return next === undefined ? { letters } : { letters, next }
    },
  }
}

function listed(row: StoredRow): ListedLetter {
  return { id: row.rowKey, ...codec.decode(row.cells) }
}
