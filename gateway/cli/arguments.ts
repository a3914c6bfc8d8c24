import { parseArgs } from 'node:util'
import { defaultPort } from '../startOnSomePort.ts'
import { defaultUsageDays } from '../usage/retention.ts'

/** The user's mistake in the arguments: its one line is shown, and the exit code is 2. */
export class WrongArguments extends Error {
  override readonly name = 'WrongArguments'
}

/** What `npm run gateway --` prints for `--help`. */
export const usage = `npm run gateway -- [options]
API Management's behaviour in front of ML Studio (classic) web services: subscription keys, limits, usage, a try-it page.

  --port N              port to listen on (default ${defaultPort}, or a free one where that is taken)
  --host ADDRESS        address to listen on (default 127.0.0.1)
  --backend URL         the web services (default: the emulator of the local stack that npm start runs)
  --storage CONNECTION  storage account of subscriptions, usage and counters, which several gateways may share
                        (default: that of the local stack if its emulator is the back end; else files, and counters in memory)
  --data FOLDER         folder of the sample keys and of those files (default .local/gateway)
  --products FILE       other products than gateway/products.json
  --usage-days N        days that usage is kept, 0 for ever (default ${defaultUsageDays})
  --json                print {"url","subscriptions":[{"name","product","primaryKey"}]} as one line when ready
  --help                this text
`

/** What the command line asks for. */
export type GatewayArguments = {
  port?: number
  host: string
  backend?: string
  storage?: string
  data?: string
  products?: string
  usageDays?: number
  json: boolean
  help: boolean
}

const longestDays = 36_500

const flags = {
  port: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  backend: { type: 'string' },
  storage: { type: 'string' },
  data: { type: 'string' },
  products: { type: 'string' },
  'usage-days': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Reads the arguments; throws one line that says what is wrong. Pure. */
export function readArguments(args: readonly string[]): GatewayArguments {
  const { port, 'usage-days': usageDays, ...rest } = parseFlags(args)
  return {
    ...rest,
    ...(port !== undefined && { port: parsePort(port) }),
    ...(usageDays !== undefined && { usageDays: parseDays(usageDays) }),
  }
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true }).values
  } catch (error) {
    // `Unknown option '--fly'. To specify a positional argument ...`: the first sentence says it.
    const reason = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error)
    throw new WrongArguments(`Cannot start gateway: ${reason} (see npm run gateway -- --help)`, {
      cause: error,
    })
  }
}

function parseDays(text: string): number {
  const days = Number(text)
  if (/^\d+$/.test(text) && days <= longestDays) return days
  throw new WrongArguments(
    `Cannot use --usage-days ${text}: it is a number from 0 (for ever) to ${longestDays}`,
  )
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new WrongArguments(`Cannot use --port ${text}: it is a number from 0 (any free port) to 65535`)
}
