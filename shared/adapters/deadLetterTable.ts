import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
import type { DeadLetters } from '../retraining/stores.ts'
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
})

/** A dead letter as views read it. */
export type StoredLetter = z.infer<typeof letter>

const codec = createRowCodec<StoredLetter>('deadLetters', letter, [])
const partition = 'letters'
const longest = 4_000

/** What could not be done: listed, with its reason and what is needed to send it again. */
export type DeadLetterTable = DeadLetters & {
  readDeadLetters(page: { size: number; next?: string }): Promise<{ letters: StoredLetter[]; next?: string }>
}

/** The `deadLetters` table; every text passes `redact` and is cut. The same source and id again is the same letter. */
export function createDeadLetterTable(
  deadLetters: TableStore,
  redact: (text: string) => string,
): DeadLetterTable {
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
    async readDeadLetters(page) {
      const { rows, next } = await deadLetters.list(partition, {}, page)
      const letters = rows.map((row) => codec.decode(row.cells))
      return next === undefined ? { letters } : { letters, next }
    },
  }
}
