import { z } from 'zod'
import type { BlobStore } from '../lib/blobStore.ts'
import type { MessageQueue, QueueMessage } from '../lib/messageQueue.ts'
import type { TableStore } from '../lib/tableStore.ts'
import type { EraseCustomerPorts } from '../retraining/eraseCustomer.ts'
import type { Erasure } from '../retraining/erasure.ts'
import { belongsTo, cleaned } from './customerTraces.ts'
import { eraseGatewayPage, type GatewayTables } from './eraseGateway.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

/** Every place in which something of a customer may lie. */
export type ErasePlaces = {
  tables: Readonly<Record<string, TableStore>> & Record<'customers' | 'cursors', TableStore> & GatewayTables
  queues: Readonly<Record<string, MessageQueue>>
  containers: Readonly<Record<string, BlobStore>>
}

type Erasures = Pick<
  EraseCustomerPorts,
  'eraseSteps' | 'eraseStep' | 'readErasure' | 'writeErasure' | 'endErasure' | 'hashOf' | 'listModelsOf'
> & {
  /** Whether a customer of this id was erased. */
  isErased(customerId: string): Promise<boolean>
}

type Page = { kind: string; count: number; next?: string | undefined }
type Step = (customerId: string, pseudonym: string, next: string | undefined) => Promise<Page>

const pageSize = 500
/** Looked through by subscription, not row by row: usage may be millions of rows. */
const ofGateway: ReadonlySet<string> = new Set<keyof GatewayTables>(['subscriptions', 'usage', 'counters'])
const receivesAtOnce = 20
const mostReceives = 3

const erasure: z.ZodType<Erasure> = z.object({
  startedAtMs: z.number(),
  step: z.int().min(0),
  next: z.string().optional(),
  counts: z.record(z.string(), z.number()),
  foundInRound: z.int().min(0),
})
const codec = createRowCodec('erasure', erasure, ['counts'])
const underWay = 'erasure'
const over = 'erased'

/** Erasing over all of the app's stores, whatever their number: a new table, queue or container is looked through as well. */
export function createErasures({ tables, queues, containers }: ErasePlaces): Erasures {
  const steps = stepsOf({ tables, queues, containers })
  const { customers, cursors } = tables
  return {
    hashOf: hash,
    eraseSteps: steps.length,
    async eraseStep({ step, next }, customerId, pseudonym) {
      const erase = steps[step]
      return erase === undefined ? { kind: 'nothing', count: 0 } : erase()(customerId, pseudonym, next)
    },
    async listModelsOf(customerId) {
      const { rows } = await customers.list(customerId, {}, { size: pageSize })
      return rows.map(({ rowKey }) => ({ customerId, model: rowKey }))
    },
    async readErasure(pseudonym) {
      const row = await cursors.get(underWay, pseudonym)
      return row && codec.decode(row.cells)
    },
    writeErasure: (pseudonym, value) =>
      cursors.put({ partitionKey: underWay, rowKey: pseudonym, cells: codec.encode(value) }),
    async endErasure(pseudonym, atMs) {
      const cells = { v: 1, erasedAt: new Date(atMs).toISOString() }
      await cursors.put({ partitionKey: over, rowKey: pseudonym, cells })
      const row = await cursors.get(underWay, pseudonym)
      if (row !== undefined) await cursors.remove(underWay, pseudonym, row.etag)
    },
    isErased: async (customerId) =>
      (await cursors.get(over, `erased-${hash(customerId).slice(0, 16)}`)) !== undefined,
  }
}

/** Most invocations erase nobody: a step is made when it is due. */
function stepsOf({ tables, queues, containers }: ErasePlaces): (() => Step)[] {
  const blobs = (folder: string) =>
    Object.values(containers).map((store) => () => blobStep(store, (customerId) => `${folder}${customerId}/`))
  return [
    ...blobs(''),
    ...blobs('_passports/'),
    ...Object.values(queues).map((queue) => () => queueStep(queue)),
    () => (customerId) => eraseGatewayPage(tables, customerId),
    ...Object.entries(tables)
      .filter(([name]) => !ofGateway.has(name))
      .map(
        ([name, table]) =>
          () =>
            tableStep(name, table),
      ),
  ]
}

function blobStep(store: BlobStore, prefixOf: (customerId: string) => string): Step {
  return async (customerId) => {
    // From the front each time: what was listed is gone then.
    const page = await store.list(prefixOf(customerId), { size: pageSize })
    for (const { name } of page.blobs) await store.remove(name)
    const count = page.blobs.length
    return { kind: `blobs of ${store.container}`, count, next: page.next === undefined ? undefined : 'more' }
  }
}

/** Messages that wait for their time can't be seen: they find nothing of the customer later, and leave no letter. */
function queueStep(queue: MessageQueue): Step {
  return async (customerId) => {
    let count = 0
    const others: QueueMessage[] = []
    for (let receives = 0; receives < receivesAtOnce; receives++) {
      const messages = await queue.receive(32, 60)
      const own = messages.filter(({ text }) => isAbout(text, customerId))
      for (const message of own) await queue.remove(message)
      count += own.length
      others.push(...messages.filter((message) => !own.includes(message)))
      if (messages.length < 32) break
    }
    for (const message of others) await putBack(queue, message)
    return { kind: 'messages', count }
  }
}

/** The host gives up on a message that was received more often than `maxDequeueCount` of host.json, unread: one anew counts from 0. */
async function putBack(queue: MessageQueue, message: QueueMessage): Promise<void> {
  const { body, dequeueCount } = message
  if (dequeueCount < mostReceives || typeof body !== 'object' || body === null) {
    await queue.hide(message, 0)
    return
  }
  await queue.send(body, 0)
  await queue.remove(message)
}

function isAbout(text: string, customerId: string): boolean {
  return text.includes(`"${customerId}"`) || text.includes(`/${customerId}/`)
}

function tableStep(name: string, table: TableStore): Step {
  return async (customerId, pseudonym, next) => {
    const page = await table.scan(next === undefined ? { size: pageSize } : { size: pageSize, next })
    let count = 0
    for (const row of page.rows) {
      const own = belongsTo(name, row, customerId)
      if (own === 'no') continue
      count++
      const { partitionKey, rowKey, etag } = row
      if (own === 'yes') await table.remove(partitionKey, rowKey, etag)
      else await table.replace({ partitionKey, rowKey, cells: cleaned(row, customerId, pseudonym) }, etag)
    }
    return { kind: `rows of ${name}`, count, next: page.next }
  }
}
