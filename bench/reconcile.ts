import { numberOf, readArguments } from '../scripts/commandLine.ts'
import { reconcile } from '../shared/retraining/reconcile.ts'
import { isUnderWay, type SweepName } from '../shared/retraining/sweep.ts'
import { sweepLanded } from '../shared/retraining/sweepLanded.ts'
import { type Account, createAccount, customerOf } from './reconcile/account.ts'

const usage = `npm run bench -- reconcile [--customers N] [--blobs N] [--new N] [--heavy N] [--dated] [--json]
  --customers N  models that rest, each with a live one (10000)
  --blobs N      old blobs in the container (1000000)
  --new N        blobs that came lately and whose event got lost (100)
  --heavy N      the old blobs are all of so many customers (default: of all)
  --dated        names begin with their day
Storage is in memory: calls are counted, and the time is the app's own work.`

const options = {
  customers: { type: 'string', default: '10000' },
  blobs: { type: 'string', default: '1000000' },
  new: { type: 'string', default: '100' },
  heavy: { type: 'string' },
  dated: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const assumed = { callMs: 10, listingMs: 100, atOnce: 8, tickSeconds: 45 }

type Counts = Record<string, number>

/** Measures reconcile over a large account: what it calls, how long it works, what it takes up. */
export async function run(args: string[]): Promise<number> {
  const { values } = readArguments('bench reconcile', { args, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const customers = numberOf('customers', values.customers)
  const size = {
    customers,
    blobs: numberOf('blobs', values.blobs, 'from 0'),
    fresh: numberOf('new', values.new, 'from 0'),
    heavy: numberOf('heavy', values.heavy ?? String(customers)),
    isDated: values.dated,
  }
  const counts: Counts = {}
  const ports = await createAccount(size, assumed.tickSeconds, counts)
  const tick = await measureTick(ports, counts)
  const recent = await measureSweep(ports, counts, 'recent')
  const tookUp = await isTakenUp(ports, size.fresh)
  const next = await measureSweep(ports, counts, 'recent')
  const whole = (await ports.readSweepCursor('recent')).skips
    ? await measureSweep(ports, counts, 'whole')
    : undefined
  if (!tookUp) console.log('a lost blob was not taken up')
  if (values.json) console.log(JSON.stringify({ ...size, tick, recent, next, whole, tookUp }))
  return tookUp ? 0 : 1
}

/** One tick of everything, but for the sweep, which has its own measure. */
async function measureTick(ports: Account, counts: Counts) {
  clear(counts)
  const startedMs = performance.now()
  await reconcile({
    ...ports,
    listLanded: async () => ({ items: [] }),
    writeSweepCursor: async () => undefined,
  })
  const workSeconds = round((performance.now() - startedMs) / 1000)
  const calls = sumOf(counts)
  const seconds = secondsOf(counts)
  console.log(`all models once: ${calls.toLocaleString('en')} calls, ${workSeconds} s of own work`)
  for (const [name, count] of Object.entries(counts)) console.log(`  ${String(count).padStart(8)}  ${name}`)
  const ticks = Math.ceil(seconds / assumed.tickSeconds)
  const pace = `${assumed.callMs} ms a call, ${assumed.atOnce} at once`
  console.log(`  at ${pace}: about ${Math.round(seconds)} s, ${ticks} ticks`)
  return { calls, workSeconds, estimatedSeconds: Math.round(seconds) }
}

/** A sweep from its beginning to its end, tick by tick. */
async function measureSweep(ports: Account, counts: Counts, name: SweepName) {
  const listingsOf = () => counts['list training-data'] ?? 0
  const [totals, most] = [
    { ticks: 0, listings: 0, calls: 0 },
    { listings: 0, seconds: 0 },
  ]
  const only = name === 'recent' ? ports : { ...ports, sweepPages: 0 }
  do {
    clear(counts)
    await sweepLanded(only)
    totals.ticks++
    totals.listings += listingsOf()
    totals.calls += sumOf(counts)
    most.listings = Math.max(most.listings, listingsOf())
    most.seconds = Math.max(most.seconds, round(secondsOf(counts)))
  } while (isUnderWay(await ports.readSweepCursor(name)))
  console.log(
    `${name} sweep: ${totals.listings} listings, ${totals.calls.toLocaleString('en')} calls, ${totals.ticks} ticks; at most ${most.listings} listings a tick, about ${most.seconds} s at ${assumed.listingMs} ms each`,
  )
  return { ...totals, mostListingsATick: most.listings, mostSecondsATick: most.seconds }
}

async function isTakenUp(ports: Account, fresh: number): Promise<boolean> {
  for (let index = 0; index < fresh; index++) {
    const key = { customerId: customerOf(index), model: 'census' }
    if ((await ports.readDrops(key, { size: 1 })).drops.length === 0) return false
  }
  return true
}

function clear(counts: Counts): void {
  for (const name of Object.keys(counts)) delete counts[name]
}

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function secondsOf(counts: Counts): number {
  const listings = counts['list training-data'] ?? 0
  const others = sumOf(counts) - listings
  return ((others / assumed.atOnce) * assumed.callMs + listings * assumed.listingMs) / 1000
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
