import { type AcceptDropPorts, acceptDrop } from './acceptDrop.ts'
import { concurrently } from './concurrently.ts'
import { type ModelKey, modelPath } from './names.ts'
import { type ListedModel, type ReconcileModelPorts, reconcileModel } from './reconcileModel.ts'
import { resumeDeliveries } from './resumeTelling.ts'
import { type ReviewSlotsPorts, reviewSlots } from './reviewSlots.ts'
import { type SweepLandedPorts, sweepLanded } from './sweepLanded.ts'
import { textOf } from './trouble.ts'

/** A page of names, with the text that asks for the next one. */
export type Page<Item> = { items: Item[]; next?: string | undefined }

/** Where a walk stopped; it goes on there at the next tick: at the page `next`, behind the model named `after`. */
export type WalkCursor = { next?: string | undefined; after?: string | undefined }

/** What a tick of reconciling needs. `tickSeconds`: each of its walks begins nothing new after that. */
export type ReconcilePorts = ReconcileModelPorts &
  ReviewSlotsPorts &
  AcceptDropPorts &
  SweepLandedPorts & {
    listModels(next: string | undefined): Promise<Page<ListedModel>>
    /** A few of the unclaimed drops under this customer and model. */
    listUnclaimed(key: ModelKey): Promise<{ name: string; rowKey: string }[]>
    listTrainingServices(next: string | undefined): Promise<Page<string>>
    settleUnclaimed(key: ModelKey, rowKey: string, outcome: string): Promise<void>
    readModelsCursor(): Promise<WalkCursor>
    writeModelsCursor(cursor: WalkCursor): Promise<void>
    redact(text: string): string
    tickSeconds: number
  }

const atOnce = 8

/**
 * Puts right what a lost event, a crash or a cleared queue left behind: looks after the slots of every training service,
 * walks the customers and asks each model's head, then sweeps the landed blobs for ones without a record; last come webhooks
 * whose message got lost. Each stops at its deadline, also where services hang, and goes on at the next tick.
 */
export async function reconcile(ports: ReconcilePorts): Promise<void> {
  await reviewServices(ports, ports.now() + (ports.tickSeconds * 1000) / 3)
  await walkModels(ports, ports.now() + ports.tickSeconds * 1000)
  await sweepLanded(ports)
  await resumeDeliveries(ports, ports.now() + (ports.tickSeconds * 1000) / 3)
}

/** Services are few: each is looked at in every tick. One service's trouble never stops another's, nor the walks. */
async function reviewServices(ports: ReconcilePorts, endsAtMs: number): Promise<void> {
  let next: string | undefined
  do {
    const page = await ports.listTrainingServices(next)
    await concurrently(page.items, atOnce, async (name) => {
      try {
        const service = await ports.readTrainingService(name)
        if (service !== undefined) await reviewSlots(ports, service, endsAtMs)
      } catch (error) {
        ports.log.error({ service: name }, ports.redact(`slots not reviewed: ${textOf(error)}`))
      }
    })
    next = page.next
  } while (next !== undefined)
}

async function walkModels(ports: ReconcilePorts, endsAtMs: number): Promise<void> {
  let cursor = await ports.readModelsCursor()
  do {
    const page = await ports.listModels(cursor.next)
    cursor = await walkPage(ports, page, { cursor, endsAtMs })
    await ports.writeModelsCursor(cursor)
  } while (cursor.next !== undefined && ports.now() < endsAtMs)
}

/** A page takes long where endpoints do not answer: what is not begun in time is the next tick's, which begins with it. */
async function walkPage(
  ports: ReconcilePorts,
  page: Page<ListedModel>,
  { cursor, endsAtMs }: { cursor: WalkCursor; endsAtMs: number },
): Promise<WalkCursor> {
  const left = page.items.slice(page.items.findIndex((key) => modelPath(key) === cursor.after) + 1)
  const begun = await concurrently(left, atOnce, async (key, index) => {
    if (index > 0 && ports.now() >= endsAtMs) return false
    await reconcileOne(ports, key, endsAtMs)
    return true
  })
  const last = left[begun.indexOf(false) - 1]
  return last === undefined ? { next: page.next } : { next: cursor.next, after: modelPath(last) }
}

/** One customer's failure never stops another's. */
async function reconcileOne(ports: ReconcilePorts, listed: ListedModel, endsAtMs: number): Promise<void> {
  const key = { customerId: listed.customerId, model: listed.model }
  try {
    await takeUpUnclaimed(ports, key, endsAtMs)
    await reconcileModel(ports, listed)
  } catch (error) {
    ports.log.error({ ...key }, ports.redact(`reconcile failed: ${textOf(error)}`))
  }
}

/** Drops that came before their customer was known are accepted now, thousands too: it goes on as long as some are settled. */
async function takeUpUnclaimed(ports: ReconcilePorts, key: ModelKey, endsAtMs: number): Promise<void> {
  let found: { name: string; rowKey: string }[]
  let settled: boolean[]
  do {
    found = await ports.listUnclaimed(key)
    settled = await concurrently(found, atOnce, async ({ name, rowKey }) => {
      const acceptance = await acceptDrop(ports, name)
      if (acceptance !== 'unclaimed') await ports.settleUnclaimed(key, rowKey, acceptance)
      return acceptance !== 'unclaimed'
    })
  } while (found.length > 0 && settled.every((one) => one) && ports.now() < endsAtMs)
}
