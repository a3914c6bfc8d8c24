import { setTimeout as pause } from 'node:timers/promises'
import { numberOf, readArguments } from '../scripts/commandLine.ts'
import { concurrently } from '../shared/retraining/concurrently.ts'
import { makeCsv } from '../test/faults/csv.ts'
import { createRandom } from '../test/simulation/random.ts'
import { type Delay, delaysOf, type Spread, spreadOf } from './burst/delays.ts'
import { type BurstRig, startRig, stopOnSignal } from './burst/rig.ts'

const usage = `npm run bench -- fairness [--drops N] [--others N] [--quiet S] [--json]
  --drops N    drops of the one customer (10000)
  --others N   customers that drop one file each, in turn while the others' are taken in (20)
  --quiet S    quiet period of every model in seconds (10)
  --every S    seconds between two drops of the others (5)
  --minutes N  gives up after so many minutes (20)
  --json       a last line of JSON`

const options = {
  drops: { type: 'string', default: '10000' },
  others: { type: 'string', default: '20' },
  quiet: { type: 'string', default: '10' },
  every: { type: 'string', default: '5' },
  minutes: { type: 'string', default: '20' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const uploadsAtOnce = 16
/** What the others' time may grow to, of what it is when nobody else drops. */
const allowedRatio = 2

type Times = { seconds: Spread; intakeSeconds: Spread }

/** Measures from acceptance to job start of customers that drop one file each: alone, and while another drops thousands. */
export async function run(args: string[]): Promise<number> {
  const { values } = readArguments('bench fairness', { args, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const [drops, quietSeconds] = [numberOf('drops', values.drops), numberOf('quiet', values.quiet, 'from 0')]
  const customers = numberOf('others', values.others) + 1
  const mostMs = numberOf('minutes', values.minutes) * 60_000
  const everyMs = numberOf('every', values.every, 'from 0') * 1000
  const rig = await startRig({ customers, quietSeconds, jobsInFlight: 40, print: console.log })
  stopOnSignal(rig)
  try {
    await rig.startHost()
    const [heavy = '', ...others] = rig.customers
    const untilMs = Date.now() + mostMs
    // What is asked first is slower: connections are opened, code is compiled.
    await dropInTurn(rig, { customers: others.slice(0, 3), file: 'first.csv', everyMs: 0, untilMs })
    const idle = await dropInTurn(rig, { customers: others, file: 'idle.csv', everyMs: 1_000, untilMs })
    print('nobody else drops', idle)
    const uploading = dropMany(rig, heavy, drops)
    const loaded = await dropInTurn(rig, { customers: others, file: 'loaded.csv', everyMs, untilMs })
    await uploading
    const ratio = Math.round((loaded.seconds.median / idle.seconds.median) * 100) / 100
    const worst = Math.round((loaded.seconds.most / idle.seconds.median) * 100) / 100
    print(`while one customer drops ${drops}`, loaded)
    console.log(`ratio ${ratio} (the slowest ${worst}), at most ${allowedRatio} is asked for`)
    if (values.json) console.log(JSON.stringify({ drops, others: others.length, idle, loaded, ratio, worst }))
    return worst <= allowedRatio ? 0 : 1
  } finally {
    await rig.stop()
  }
}

async function dropMany(rig: BurstRig, customerId: string, count: number): Promise<void> {
  const random = createRandom(1)
  const numbers = Array.from({ length: count }, (_none, at) => String(at).padStart(5, '0'))
  await concurrently(numbers, uploadsAtOnce, (number) =>
    put(rig, `${customerId}/purchases/${number}.csv`, random),
  )
}

async function put(rig: BurstRig, name: string, random: ReturnType<typeof createRandom>): Promise<void> {
  await rig.stores.containers.trainingData.put(
    name,
    new TextEncoder().encode(makeCsv(random, name)),
    'text/csv',
  )
}

type Turn = { customers: readonly string[]; file: string; everyMs: number; untilMs: number }

/** One drop each, so far apart; waits until the job of each was started, and tells how long that took. */
async function dropInTurn(rig: BurstRig, { customers, file, everyMs, untilMs }: Turn): Promise<Times> {
  const random = createRandom(file.length)
  const uploadedAtMs = new Map<string, number>()
  for (const customerId of customers) {
    const name = `${customerId}/purchases/${file}`
    await put(rig, name, random)
    uploadedAtMs.set(name, Date.now())
    await pause(everyMs)
  }
  let delays: Delay[] = []
  while (delays.length < uploadedAtMs.size) {
    if (Date.now() > untilMs)
      throw new Error(`Cannot measure: ${delays.length} of ${customers.length} started in time`)
    await pause(2_000)
    delays = await delaysOf(rig, uploadedAtMs)
  }
  return {
    seconds: spreadOf(delays.map(({ startMs }) => startMs)),
    intakeSeconds: spreadOf(delays.map(({ intakeMs }) => intakeMs)),
  }
}

function print(when: string, { seconds, intakeSeconds }: Times): void {
  const text = ({ median, most }: Spread) => `median ${median} s, most ${most} s`
  console.log(`${when}:`)
  console.log(`  acceptance to job start: ${text(seconds)}`)
  console.log(`  upload to acceptance (the host's queue, first in first out): ${text(intakeSeconds)}`)
}
