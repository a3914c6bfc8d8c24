import { parseArgs } from 'node:util'
import { startHost } from './host.ts'
import { type LogEntry, reasonOf } from './log.ts'

const usage = `node local/host/main.ts --root DIR [--port N] [--json] [--auth]
  --root DIR  the folder with host.json and package.json (its "main" is the bundle)
  --port N    7071 unless given; 0: any free one
  --json      prints {"url","functions"} as one line when ready, and nothing else on stdout
  --auth      HTTP functions ask for their keys (azure-webjobs-secrets)`

/** Runs a host until Ctrl-C or SIGTERM. Lines go to stderr. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      root: { type: 'string' },
      port: { type: 'string', default: '7071' },
      json: { type: 'boolean', default: false },
      auth: { type: 'boolean', default: false },
    },
  })
  // Whoever read our lines may be gone; that is no reason to lose what runs.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const port = Number(values.port)
  if (values.root === undefined || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(usage)
  const { root, json, auth } = values
  const host = await startHost({ root, port, auth, environment: process.env, log: print })
  const { url, functions } = host
  console.log(json ? JSON.stringify({ url, functions }) : `Functions host on ${url}: ${functions.join(', ')}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void host.stop())
  const reason = await host.ended
  process.exit(reason === undefined ? 0 : 1)
}

function print({ level, category, functionName, message }: LogEntry): void {
  process.stderr.write(
    `${new Date().toISOString()} ${level.padEnd(11)} ${functionName ?? category}: ${message}\n`,
  )
}

main().catch((thrown) => {
  process.stderr.write(`${reasonOf(thrown)}\n`)
  process.exit(1)
})
