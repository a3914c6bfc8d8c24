import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWith, numberOf, readArguments } from '../../scripts/commandLine.ts'
import { runStorm } from './runStorm.ts'
import { createTerminal } from './terminal.ts'

const usage = `A live screen of a fleet of customers that retrain on this machine, on real parts. You are the storm.

  npm run storm -- --customers 200
      --drops 8      drops a second
      --seconds 60   without a terminal: how long the storm lasts; it presses the keys itself

  k kills a host (-9)   n cuts the network   t lets the service throttle   l lets it lie   q ends it

The last line is counted by witnesses from storage and the emulator, not from what the app says. Exit code 1 when a drop
was lost, a job was started twice in an attempt or an endpoint went back.`

const options = {
  customers: { type: 'string', default: '200' },
  drops: { type: 'string', default: '8' },
  seconds: { type: 'string', default: '60' },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { values } = readArguments('storm', { options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const asked = {
    customerCount: numberOf('customers', values.customers),
    dropsPerSecond: numberOf('drops', values.drops),
    seconds: numberOf('seconds', values.seconds),
  }
  const folder = mkdtempSync(join(tmpdir(), 'storm-'))
  const terminal = createTerminal(process.stdin, process.stdout)
  const stopping = new AbortController()
  // A terminal that was closed takes no more output: what was started is stopped all the same.
  process.stdout.on('error', () => stopping.abort())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  try {
    const audit = await runStorm({ ...asked, folder, terminal, signal: stopping.signal })
    const { drops, startedTwice, endpoints } = audit
    const broken = [...drops.lost, ...startedTwice, ...endpoints.backwards]
    terminal.close()
    for (const line of [...broken, ...audit.pending.map((what) => `still pending: ${what}`)])
      console.log(line)
    return broken.length === 0 ? 0 : 1
  } finally {
    terminal.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

await endWith(main)
