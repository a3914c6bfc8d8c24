import { parseArgs } from 'node:util'
import type { StackPorts } from './parts/choosePorts.ts'

/** The user's mistake in the arguments: its one line is shown, and the exit code is 2. */
export class WrongArguments extends Error {
  override readonly name = 'WrongArguments'
}

/** What `npm start --` takes. */
export type StartOptions = {
  once: boolean
  json: boolean
  fresh: boolean
  empty: boolean
  quiet: boolean
  help: boolean
  host: 'local' | 'func'
  ports: Partial<StackPorts>
  gatewayPort?: number
}

/** The help of `npm start -- --help`. */
export const startUsage = `Runs everything on this machine: storage (Azurite), the emulator of ML Studio (classic) web services and a
Functions host with the app; then new training data of three sample customers is dropped, and their endpoints are retrained.

  npm start -- [options]

  --once               end after the round; exit code 0 only if every endpoint is live with its new model
  --json               print the result as one JSON object, the last line on stdout (the rest goes to stderr)
  --fresh              begin anew: delete what lies in .local/
  --empty              no sample customers and no round: for a fleet of your own (docs/operating.md)
  --quiet              do not show what happens, only the result
  --port N             port of the Functions host (7071)
  --emulator-port N    port of the emulator (8050)
  --gateway-port N     port of the gateway (8160), which serves after the round
  --storage-port N     ports of Azurite: N (blobs), N+1 (queues), N+2 (tables) (10000)
  --host local|func    the built-in Functions host, or Azure Functions Core Tools
  --help               this text

  npm start
  npm start -- --once --json
  npm start -- --fresh --port 7072
  npm start -- --fresh --empty
`

const flags = {
  once: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  empty: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  host: { type: 'string', default: 'local' },
  port: { type: 'string' },
  'emulator-port': { type: 'string' },
  'gateway-port': { type: 'string' },
  'storage-port': { type: 'string' },
} as const

/** Reads the arguments of `npm start --`; throws an Error of one line that names the wrong one. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parseFlags(args)
  const { once, json, fresh, empty, quiet, help, host } = values
  if (host !== 'local' && host !== 'func') {
    throw new WrongArguments(`Cannot use --host ${host}: it is local or func`)
  }
  if (empty && once)
    throw new WrongArguments('Cannot start: with --empty there is no round, and --once ends after it')
  const storage = parsePort('--storage-port', values['storage-port'], 65_533)
  const functions = parsePort('--port', values.port)
  const emulator = parsePort('--emulator-port', values['emulator-port'])
  const gatewayPort = parsePort('--gateway-port', values['gateway-port'])
  const ports: Partial<StackPorts> = {
    ...(functions !== undefined && { functions }),
    ...(emulator !== undefined && { emulator }),
    ...(storage !== undefined && { blob: storage, queue: next(storage, 1), table: next(storage, 2) }),
  }
  const options: StartOptions = { once, json, fresh, empty, quiet, help, host, ports }
  return gatewayPort === undefined ? options : { ...options, gatewayPort }
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values
  } catch (error) {
    // `Unknown option '--fly'. To specify a positional argument ...`: the first sentence says it.
    const reason = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error)
    throw new WrongArguments(`Cannot start: ${reason} (see npm start -- --help)`, { cause: error })
  }
}

/** Port 0 means any free one, for each of the three. */
const next = (port: number, step: number) => (port === 0 ? 0 : port + step)

function parsePort(flag: string, text: string | undefined, most = 65_535): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= most) return port
  throw new WrongArguments(`Cannot use ${flag} ${text}: it is a number from 0 (any free port) to ${most}`)
}
