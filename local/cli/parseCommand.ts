import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { isId, type ModelKey, parseDropPath } from '../../shared/retraining/names.ts'
import { type GatewayCommand, gatewayCommands, parseGatewayCommand } from './parseGatewayCommand.ts'
import { UsageError } from './usage.ts'

/** What `retrain` was asked to do. `blobName` is `{customer}/{model}/{name}`. */
export type Command =
  | { kind: 'help' }
  | ({ kind: 'drop'; file: string; blobName: string; isJson: boolean } & ModelKey)
  | { kind: 'status'; customerId?: string; isJson: boolean }
  | GatewayCommand

/** Reads the arguments; throws UsageError of one line that says what is wrong. Pure. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args)
  const [command, ...rest] = positionals
  if (values.help || command === undefined || command === 'help') return { kind: 'help' }
  if (gatewayCommands.includes(command)) return parseGatewayCommand(command, rest, values)
  switch (command) {
    case 'drop':
      return parseDrop(rest, values.name, values.json)
    case 'status':
      return parseStatus(rest, values.json)
    default:
      throw new UsageError(
        `Cannot ${command}: the commands are drop and status, subscriptions and usage (see retrain --help)`,
      )
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        name: { type: 'string' },
        product: { type: 'string' },
        'endpoint-key': { type: 'string' },
        hours: { type: 'string' },
        storage: { type: 'string' },
      },
      allowPositionals: true,
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error)
    throw new UsageError(`Cannot read the arguments: ${reason} (see retrain --help)`)
  }
}

function parseDrop(rest: string[], name: string | undefined, isJson: boolean): Command {
  const [customerId, model, file, ...more] = rest
  if (customerId === undefined || model === undefined || file === undefined || more.length > 0) {
    throw new UsageError('Cannot drop: it takes a customer, a model and a file (see retrain --help)')
  }
  for (const [what, id] of [
    ['customer', customerId],
    ['model', model],
  ] as const) {
    if (!isId(id)) {
      throw new UsageError(
        `Cannot drop: ${what} ${id} is no id (lower-case letters, digits and dashes, at most 63)`,
      )
    }
  }
  const blobName = `${customerId}/${model}/${name ?? basename(file)}`
  const path = parseDropPath(blobName)
  if (path.kind === 'misfit') throw new UsageError(`Cannot drop ${blobName}: ${path.reason}`)
  return { kind: 'drop', customerId, model, file, blobName, isJson }
}

function parseStatus(rest: string[], isJson: boolean): Command {
  const [customerId, ...more] = rest
  if (more.length > 0) throw new UsageError('Cannot show the status: it takes one customer at most')
  return { kind: 'status', isJson, ...(customerId !== undefined && { customerId }) }
}
