import { setTimeout as pause } from 'node:timers/promises'
import { numberOf, readArguments } from '../scripts/commandLine.ts'
import { concurrently } from '../shared/retraining/concurrently.ts'
import { RetryableError } from '../shared/retraining/errors.ts'
import { makeCsv } from '../test/faults/csv.ts'
import { createRandom } from '../test/simulation/random.ts'
import { type BurstResult, countBusy, measure, readDrops } from './burst/measure.ts'
import { type BurstRig, startRig, stopOnSignal } from './burst/rig.ts'

const usage = `npm run bench -- burst [--small] [--late] [--json]
  --drops N    drops in all (10000, 1000 with --small)
  --customers N  over so many customers (200, 20 with --small)
  --small      20 customers and 1,000 drops
  --late       the host is started after the drops
  --quiet S    quiet period of every model in seconds (60; 10 with --small)
  --jobs N     jobs in flight the training service takes (40)
  --minutes N  gives up after so many minutes (30)
  --json       a last line of JSON`

const options = {
  drops: { type: 'string' },
  customers: { type: 'string' },
  small: { type: 'boolean', default: false },
  late: { type: 'boolean', default: false },
  quiet: { type: 'string' },
  jobs: { type: 'string', default: '40' },
  minutes: { type: 'string', default: '30' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const uploadsAtOnce = 16

/** Drops thousands of files at once on the app with real parts, waits until nothing is left to do, and counts. */
export async function run(args: string[]): Promise<number> {
  const { values } = readArguments('bench burst', { args, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const customers = numberOf('customers', values.customers ?? (values.small ? '20' : '200'))
  const dropsEach = Math.ceil(
    numberOf('drops', values.drops ?? (values.small ? '1000' : '10000')) / customers,
  )
  const quietSeconds = numberOf('quiet', values.quiet ?? (values.small ? '10' : '60'), 'from 0')
  const mostMs = numberOf('minutes', values.minutes) * 60_000
  console.log(`${customers} customers, ${customers * dropsEach} drops, quiet period ${quietSeconds} s`)
  const rig = await startRig({
    customers,
    quietSeconds,
    jobsInFlight: numberOf('jobs', values.jobs),
    print: console.log,
  })
  stopOnSignal(rig)
  try {
    const startedMs = Date.now()
    if (!values.late) await rig.startHost()
    const uploadedAtMs = await uploadAll(rig, dropsEach)
    console.log(`all uploaded after ${seconds(startedMs)} s`)
    if (values.late) await rig.startHost()
    const isQuiet = await waitUntilQuiet(rig, uploadedAtMs.size, startedMs + mostMs)
    const result = await measure(rig, uploadedAtMs)
    report(result, seconds(startedMs))
    if (values.json) console.log(JSON.stringify({ seconds: seconds(startedMs), ...result }))
    return isQuiet && isGood(result, customers) ? 0 : 1
  } finally {
    await rig.stop()
  }
}

/** Customer by customer in turn, so that every model's drops come all through the burst. */
async function uploadAll(rig: BurstRig, dropsEach: number): Promise<Map<string, number>> {
  const random = createRandom(1)
  const names = Array.from({ length: dropsEach }, (_none, at) =>
    rig.customers.map((customerId) => `${customerId}/purchases/${String(at).padStart(3, '0')}.csv`),
  ).flat()
  const uploadedAtMs = new Map<string, number>()
  await concurrently(names, uploadsAtOnce, async (name) => {
    const content = new TextEncoder().encode(makeCsv(random, name))
    await rig.stores.containers.trainingData.put(name, content, 'text/csv')
    uploadedAtMs.set(name, Date.now())
  })
  return uploadedAtMs
}

/** Quiet: every drop is recorded and twice in a row nothing waits and nothing is in flight. */
async function waitUntilQuiet(rig: BurstRig, drops: number, untilMs: number): Promise<boolean> {
  let quiet = 0
  while (Date.now() < untilMs) {
    const seen = await look(rig)
    const isQuiet = seen?.busy === 0 && seen.landed >= drops
    quiet = isQuiet ? quiet + 1 : 0
    if (quiet >= 2) return true
    console.log(
      seen === undefined
        ? '  storage is busy'
        : `  ${seen.landed} drops recorded, ${seen.busy} customers busy`,
    )
    await pause(10_000)
  }
  return false
}

/** Undefined when storage, which is under load, does not answer in time: that is no end of the measurement. */
async function look(rig: BurstRig): Promise<{ busy: number; landed: number } | undefined> {
  try {
    return { busy: await countBusy(rig), landed: await countRecorded(rig) }
  } catch (error) {
    if (error instanceof RetryableError) return undefined
    throw error
  }
}

async function countRecorded(rig: BurstRig): Promise<number> {
  const counts = await concurrently(rig.customers, 4, async (customerId) => {
    return (await readDrops(rig, { customerId, model: 'purchases' })).length
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

function report(result: BurstResult, took: number): void {
  const { dropsPerGeneration: per, intakeSeconds: intake, startDelaySeconds: delay } = result
  console.log(`${took} s from the first drop to quiet`)
  console.log(`${result.drops} drops, ${result.recorded} recorded, ${result.inGenerations} in a generation`)
  console.log(
    `${result.generations} generations, ${result.jobs} jobs, ${result.live} went live, ${result.failed} failed`,
  )
  console.log(`${per.least} to ${per.most} drops a generation, median ${per.median}`)
  console.log(`${result.pending} left pending`)
  console.log(
    `intake, upload to acceptance (the host's queue, first in first out): median ${intake.median} s, 99 % ${intake.p99} s, most ${intake.most} s`,
  )
  console.log(`opened to job started: median ${delay.median} s, 99 % ${delay.p99} s, most ${delay.most} s`)
  console.log(
    `${result.operationsPerRun} storage operations a run, ${result.operationsPerDrop} a drop, of the app's worker (${result.workers} started):`,
  )
  for (const [name, count] of Object.entries(result.operations))
    console.log(`  ${String(count).padStart(8)}  ${name}`)
}

function isGood(result: BurstResult, customers: number): boolean {
  return result.pending === 0 && result.inGenerations === result.drops && result.jobs <= customers * 3
}

function seconds(sinceMs: number): number {
  return Math.round((Date.now() - sinceMs) / 1000)
}
