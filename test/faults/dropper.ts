import { setTimeout as delay } from 'node:timers/promises'
import { BlobServiceClient } from '@azure/storage-blob'
import type { Random } from '../simulation/random.ts'
import { makeCsv } from './csv.ts'
import { type Customer, model } from './customers.ts'

/** One version of one blob that storage has acknowledged; every row of it holds `tag`. */
export type DroppedVersion = {
  customerId: string
  name: string
  /** Unquoted. */
  etag: string
  tag: string
  /** The order of the writes. */
  at: number
}

/** Writes training data as customers do, past the proxy. */
export type Dropper = {
  dropped: readonly DroppedVersion[]
  /** Stops; what is under way is finished first. */
  stop(): Promise<void>
}

/** How a dropper behaves: so many drops a second over all customers. */
export type DropperOptions = {
  connectionString: string
  customers: readonly Customer[]
  random: Random
  perSecond: number
}

/** Shares of the drops that overwrite an older blob, that write the same content again, that begin with an empty blob. */
const shares = { overwrite: 0.15, again: 0.04, emptyFirst: 0.05 }

/** Starts to drop: mostly new blobs, some overwritten, some the same again, some empty at first. */
export function startDropper(options: DropperOptions): Dropper {
  const dropped: DroppedVersion[] = []
  const stopping = new AbortController()
  const running = dropUntil(options, dropped, stopping.signal)
  return {
    dropped,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function dropUntil(
  options: DropperOptions,
  dropped: DroppedVersion[],
  signal: AbortSignal,
): Promise<void> {
  const container = BlobServiceClient.fromConnectionString(options.connectionString, {
    retryOptions: { maxTries: 1 },
  }).getContainerClient('training-data')
  const contents = new Map<string, { text: string; tag: string }>()
  while (!signal.aborted) {
    const next = nextDrop(options, dropped, contents)
    const blob = container.getBlockBlobClient(next.name)
    if (next.isEmptyFirst) await acknowledged(() => blob.upload('', 0))
    const etag = await acknowledged(() => blob.upload(next.text, Buffer.byteLength(next.text)))
    contents.set(next.name, next)
    dropped.push({ ...pick(next), etag, at: dropped.length })
    await delay(1_000 / options.perSecond, undefined, { signal }).catch(() => {})
  }
}

type NextDrop = { customerId: string; name: string; text: string; tag: string; isEmptyFirst: boolean }

function nextDrop(
  { customers, random }: DropperOptions,
  dropped: readonly DroppedVersion[],
  contents: ReadonlyMap<string, { text: string; tag: string }>,
): NextDrop {
  const tag = `drop-${String(dropped.length).padStart(6, '0')}`
  const older = dropped.length > 0 ? random.pick(dropped) : undefined
  const known = older === undefined ? undefined : contents.get(older.name)
  const draw = random.next()
  if (older !== undefined && known !== undefined && draw < shares.again) {
    return { customerId: older.customerId, name: older.name, ...known, isEmptyFirst: false }
  }
  const text = makeCsv(random, tag)
  if (older !== undefined && draw < shares.again + shares.overwrite) {
    return { customerId: older.customerId, name: older.name, text, tag, isEmptyFirst: false }
  }
  const { customerId } = random.pick(customers)
  const name = `${customerId}/${model}/${tag}.csv`
  return { customerId, name, text, tag, isEmptyFirst: random.chance(shares.emptyFirst) }
}

function pick({ customerId, name, tag }: NextDrop): Pick<DroppedVersion, 'customerId' | 'name' | 'tag'> {
  return { customerId, name, tag }
}

/** Writes until storage says that it has it: it may be down at the moment. Answers the ETag, unquoted. */
async function acknowledged(write: () => Promise<{ etag?: string }>): Promise<string> {
  for (;;) {
    try {
      return ((await write()).etag ?? '').replaceAll('"', '')
    } catch (error) {
      const { statusCode = 0 } = error as { statusCode?: number }
      if (statusCode >= 400 && statusCode < 500) throw error
      await delay(300)
    }
  }
}
