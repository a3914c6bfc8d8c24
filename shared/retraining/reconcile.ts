import { type AcceptDropPorts, acceptDrop } from './acceptDrop.ts'
import { concurrently } from './concurrently.ts'
import type { ModelKey } from './names.ts'
import { type ListedModel, type ReconcileModelPorts, reconcileModel } from './reconcileModel.ts'
import { resumeDeliveries } from './resumeTelling.ts'
import { type ReviewSlotsPorts, reviewSlots } from './reviewSlots.ts'
import { type SweepLandedPorts, sweepLanded } from './sweepLanded.ts'
import { textOf } from './trouble.ts'

/** A page of names, with the text that asks for the next one. */
export type Page<Item> = { items: Item[]; next?: string | undefined }

/** Where a walk stopped; it goes on there at the next tick. */
export type WalkCursor = { next?: string | undefined }

/** What a tick of reconciling needs. `tickSeconds`: each of its two walks takes no new page after that. */
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
 * walks the customers and asks each model's head, then sweeps the landed blobs for ones without a record. The walks stop at
 * their deadline and go on at the next tick.
 */
export async function reconcile(ports: ReconcilePorts): Promise<void> {
  await reviewServices(ports)
  await walkModels(ports, ports.now() + ports.tickSeconds * 1000)
  await resumeDeliveries(ports)
  await sweepLanded(ports)
}

/** Services are few: each is looked at in every tick. One service's trouble never stops another's. */
async function reviewServices(ports: ReconcilePorts): Promise<void> {
  let next: string | undefined
  do {
    const page = await ports.listTrainingServices(next)
    await concurrently(page.items, atOnce, async (name) => {
      try {
        const service = await ports.readTrainingService(name)
        if (service !== undefined) await reviewSlots(ports, service)
      } catch (error) {
        ports.log.error({ service: name }, ports.redact(`slots not reviewed: ${textOf(error)}`))
      }
    })
    next = page.next
  } while (next !== undefined)
}

async function walkModels(ports: ReconcilePorts, endsAtMs: number): Promise<void> {
  let { next } = await ports.readModelsCursor()
  do {
    const page = await ports.listModels(next)
    await concurrently(page.items, atOnce, (key) => reconcileOne(ports, key))
    next = page.next
    await ports.writeModelsCursor({ next })
  } while (next !== undefined && ports.now() < endsAtMs)
}

/** One customer's failure never stops another's. */
async function reconcileOne(ports: ReconcilePorts, listed: ListedModel): Promise<void> {
  const key = { customerId: listed.customerId, model: listed.model }
  try {
    await takeUpUnclaimed(ports, key)
    await reconcileModel(ports, listed)
  } catch (error) {
    ports.log.error({ ...key }, ports.redact(`reconcile failed: ${textOf(error)}`))
  }
}

/** Drops that came before their customer was known are accepted now. */
async function takeUpUnclaimed(ports: ReconcilePorts, key: ModelKey): Promise<void> {
  for (const { name, rowKey } of await ports.listUnclaimed(key)) {
    const acceptance = await acceptDrop(ports, name)
    if (acceptance !== 'unclaimed') await ports.settleUnclaimed(key, rowKey, acceptance)
  }
}
