import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { endWith, readArguments, WrongArguments } from '../../scripts/commandLine.ts'
import { bugs } from './bugs.ts'
import { report, reportJson, showSeed } from './report.ts'
import { mergeTallies, playSeeds, type Tally } from './tally.ts'

const usage = `Plays the app against simulated faults, on a virtual clock, and checks the promises of the design after every step.

  npm run simulate -- --seeds 10000          that many seeds, one process a core
  npm run simulate -- --seed 42              one seed, with its trace
      --from 1        the first seed
      --bug NAME      with a planted bug: ${Object.keys(bugs).join(', ')}
      --json          a last line of JSON; exit code 1 when a promise was broken`

type Order = { kind: 'play'; from: number; before: number; by: number; bug: string | undefined; most: number }

const options = {
  seeds: { type: 'string', default: '1000' },
  seed: { type: 'string' },
  from: { type: 'string', default: '1' },
  bug: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { values } = readArguments('simulate', { options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const problem = problemOf(values)
  if (problem !== undefined) throw new WrongArguments(problem)
  if (values.seed !== undefined) return (await showSeed(Number(values.seed), values.bug)) ? 0 : 1
  const from = Number(values.from)
  const startedMs = performance.now()
  const tally = await playInProcesses(from, from + Number(values.seeds), values.bug)
  report(tally, (performance.now() - startedMs) / 1_000)
  const [first] = tally.violations
  if (first !== undefined) await showSeed(first.seed, values.bug, 80)
  if (values.json) reportJson(tally)
  return tally.violations.length === 0 ? 0 : 1
}

function problemOf(values: { seeds: string; from: string; seed?: string; bug?: string }): string | undefined {
  for (const name of ['seeds', 'from', 'seed'] as const) {
    const value = values[name]
    if (value !== undefined && !/^\d+$/.test(value)) return `Cannot simulate: --${name} is a whole number`
  }
  if (values.bug === undefined || values.bug in bugs) return undefined
  return `Cannot plant ${values.bug}: the bugs are ${Object.keys(bugs).join(', ')}`
}

/** Deals the seeds out to one process a core; with a planted bug all stop at the first one that is found. */
async function playInProcesses(from: number, before: number, bug: string | undefined): Promise<Tally> {
  const processes = Math.max(1, Math.min(availableParallelism(), before - from))
  const most = bug === undefined ? 5 : 1
  const children: ChildProcess[] = []
  const tallies = Array.from({ length: processes }, (_none, index) => {
    const child = fork(fileURLToPath(import.meta.url), ['--child'])
    children.push(child)
    const order: Order = { kind: 'play', from: from + index, before, by: processes, bug, most }
    return tallyOf(child, order)
  })
  const stopAll = () => {
    for (const child of children) child.kill()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopAll()
      process.exit(1)
    })
  }
  try {
    return mergeTallies(await Promise.all(tallies))
  } finally {
    stopAll()
  }
}

function tallyOf(child: ChildProcess, order: Order): Promise<Tally> {
  return new Promise((resolve, reject) => {
    child.once('message', (tally) => resolve(tally as Tally))
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      reject(new Error(`Cannot simulate: a process ended with ${signal ?? code}`)),
    )
    child.send(order)
  })
}

async function beChild(): Promise<void> {
  // Errors are part of the play here, hundreds of thousands of them: the traces of their stacks are read by nobody.
  Error.stackTraceLimit = 0
  process.once('disconnect', () => process.exit(0))
  const order = await new Promise<Order>((resolve) => {
    process.once('message', (message) => resolve(message as Order))
  })
  const { bug, most: mostViolations } = order
  process.send?.(await playSeeds(order, { bug, mostViolations }))
}

await (process.argv[2] === '--child' ? beChild() : endWith(main))
