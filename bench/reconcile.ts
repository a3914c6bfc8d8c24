import { parseArgs } from 'node:util'
import { reconcile } from '../shared/retraining/reconcile.ts'
import { type Account, createAccount, customerOf } from './reconcile/account.ts'

const usage = `npm run bench -- reconcile [--customers N] [--blobs N] [--new N] [--json]
  --customers N  models that rest, each with a live one (10000)
  --blobs N      old blobs in the container (1000000)
  --new N        blobs that came lately and whose event got lost (100)
Storage is in memory: calls are counted, and the time is the app's own work.`

const options = {
  customers: { type: 'string', default: '10000' },
  blobs: { type: 'string', default: '1000000' },
  new: { type: 'string', default: '100' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const assumed = { callMs: 10, atOnce: 8, tickSeconds: 45 }

/** Measures one whole round of reconcile over a large account: what it calls, how long it works, what it takes up. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const size = { customers: Number(values.customers), blobs: Number(values.blobs), fresh: Number(values.new) }
  const counts: Record<string, number> = {}
  const ports = await createAccount(size, assumed.tickSeconds, counts)
  const first = await round(ports, counts, 'the first round, with the watermark of yesterday')
  const second = await round(ports, counts, 'the next one, nothing new')
  const { drops } = await ports.readDrops({ customerId: customerOf(0), model: 'census' }, { size: 1 })
  const tookUp = drops.length > 0 || size.fresh === 0
  if (!tookUp) console.log('the lost blobs were not taken up')
  if (values.json) console.log(JSON.stringify({ ...size, first, second }))
  return tookUp ? 0 : 1
}

async function round(ports: Account, counts: Record<string, number>, title: string) {
  for (const name of Object.keys(counts)) delete counts[name]
  const startedMs = performance.now()
  let ticks = 0
  do {
    await reconcile(ports)
    ticks++
  } while (
    (await ports.readModelsCursor()).next !== undefined ||
    (await ports.readSweepCursor()).next !== undefined
  )
  const workSeconds = Math.round((performance.now() - startedMs) / 100) / 10
  const listings = counts['list training-data'] ?? 0
  const calls = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const seconds =
    ((calls - listings) * assumed.callMs) / assumed.atOnce / 1_000 + (listings * assumed.callMs * 10) / 1_000
  console.log(
    `${title}: ${calls.toLocaleString('en')} calls, ${workSeconds} s of own work, ${ticks} ticks in memory`,
  )
  for (const [name, count] of Object.entries(counts)) console.log(`  ${String(count).padStart(8)}  ${name}`)
  const due = Math.ceil(seconds / assumed.tickSeconds)
  console.log(
    `  at ${assumed.callMs} ms a call (${assumed.callMs * 10} ms a listing), ${assumed.atOnce} at once: about ${Math.round(seconds)} s, ${due} ticks`,
  )
  return { calls, listings, workSeconds, estimatedSeconds: Math.round(seconds) }
}
