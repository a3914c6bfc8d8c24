import { dirname, join } from 'node:path'
import { openAppStorage } from '../setup/appStorage.ts'
import { checkFile, drop } from './drop.ts'
import { findStack } from './findStack.ts'
import { runGatewayCommand } from './gatewayCommands.ts'
import { parseCommand } from './parseCommand.ts'
import { status } from './status.ts'
import { UsageError, usage } from './usage.ts'

const folder = join(dirname(dirname(import.meta.dirname)), '.local')

/** `retrain`: drops training data into the local stack and shows where its models stand. */
async function main(args: readonly string[]): Promise<string[]> {
  const command = parseCommand(args)
  if (command.kind === 'help') return [usage.trimEnd()]
  if (command.kind === 'subscriptions' || command.kind === 'usage') return runGatewayCommand(command, folder)
  if (command.kind === 'drop') checkFile(command.file)
  const storage = await openAppStorage(findStack(folder).connectionString)
  if (command.kind === 'status') return status(storage, command)
  const { lines, exitCode } = await drop(storage, command)
  process.exitCode = exitCode
  return lines
}

try {
  for (const line of await main(process.argv.slice(2))) console.log(line)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
