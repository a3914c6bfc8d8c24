import { availableParallelism, loadavg } from 'node:os'
import { numberOf, readArguments } from '../scripts/commandLine.ts'
import { type Bed, startBed, type Way, ways } from './gateway/bed.ts'
import { type Load, quantile } from './load.ts'

/** One figure for each way and round. */
type Figures = Record<Way, number[]>

const usage = `npm run bench -- gateway [--seconds N] [--rounds N] [--connections N] [--json]
  --seconds N      of each measurement (1)
  --rounds N       in turn; the middle one counts (11)
  --connections N  at once (16)
  --json           a last line of JSON`

const options = {
  seconds: { type: 'string', default: '1' },
  rounds: { type: 'string', default: '11' },
  connections: { type: 'string', default: '16' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/**
 * Measures the gateway in front of the emulator beside the emulator alone, and beside a relay that only passes bytes on:
 * requests a second for one-row RRS, and latencies at half of what is asked of the gateway. Rounds go in turn, and the
 * middle one counts, so that other work of the machine does not. Arguments: `--seconds N` of each measurement, `--rounds N`,
 * `--connections N`, `--json` (the last line is JSON). Ends with 1 where the gateway reaches less than half, or adds 5 ms at p99.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = readArguments('bench gateway', { args, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  console.log(
    `${availableParallelism()} cores, load before ${loadavg()[0]?.toFixed(1)}: the machine's other work shows in the figures`,
  )
  const milliseconds = numberOf('seconds', values.seconds) * 1000
  const rounds = numberOf('rounds', values.rounds)
  const bed = await startBed(numberOf('connections', values.connections))
  try {
    const rates = await inTurn(rounds, bed, (load) => load.flood(milliseconds))
    const pace = Math.floor(median(rates.direct) / 4)
    const p50: Figures = { direct: [], relay: [], through: [] }
    const p99 = await inTurn(rounds, bed, async (load, way) => {
      const latencies = await load.pace(pace, milliseconds)
      p50[way].push(median(latencies))
      return quantile(latencies, 0.99)
    })
    return report({ rates, pace, p50, p99 }, values.json)
  } finally {
    await bed.stop()
  }
}

type Measured = { rates: Figures; pace: number; p50: Figures; p99: Figures }

function report({ rates, pace, p50, p99 }: Measured, json: boolean): number {
  const [rate, typical, slow] = [rates, p50, p99].map(mediansOf) as [Medians, Medians, Medians]
  const share = round(median(rates.through.map((value, at) => value / (rates.direct[at] ?? Number.NaN))))
  const addedP99Ms = round(median(p99.through.map((value, at) => value - (p99.direct[at] ?? Number.NaN))))
  const isOk = share >= 0.5 && addedP99Ms < 5
  const names = { direct: 'emulator', relay: 'bare relay', through: 'gateway' }
  console.log(`one-row RRS, and latencies at ${pace} requests a second (a quarter of the emulator's own):`)
  for (const way of ways) {
    console.log(
      `  ${names[way].padEnd(11)} ${String(Math.round(rate[way])).padStart(6)} requests/s   p50 ${typical[way]} ms   p99 ${slow[way]} ms`,
    )
  }
  console.log(
    `the gateway reaches ${share} of the emulator, adds ${addedP99Ms} ms at p99${isOk ? '' : '  (asked for: half, less than 5 ms)'}`,
  )
  if (json) console.log(JSON.stringify({ rate, share, pace, p50: typical, p99: slow, addedP99Ms, ok: isOk }))
  return isOk ? 0 : 1
}

type Medians = Record<Way, number>

function mediansOf({ direct, relay, through }: Figures): Medians {
  return { direct: round(median(direct)), relay: round(median(relay)), through: round(median(through)) }
}

/** Measures all in turn, so that what else the machine does hits all; a short round before warms them up. */
async function inTurn(
  rounds: number,
  bed: Bed,
  measure: (load: Load, way: Way) => Promise<number>,
): Promise<Figures> {
  const figures: Figures = { direct: [], relay: [], through: [] }
  for (const way of ways) await bed[way].flood(500)
  for (let at = 0; at < rounds; at++) {
    for (const way of ways) figures[way].push(await measure(bed[way], way))
  }
  return figures
}

const median = (values: readonly number[]) => quantile(values, 0.5)
const round = (value: number) => Number(value.toPrecision(3))
