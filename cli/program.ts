import { Command, type CommanderError } from 'commander'
import type { Run } from './cli.ts'
import { commands } from './commands.ts'
import { type CliError, UsageError } from './errors.ts'
import { addGlobalOptions } from './globalOptions.ts'
import { ownVersion } from './version.ts'

const about = `Runs a fleet of retrained models: customers, their models and runs, approvals, rollbacks.
Talks to the app at RETRAIN_URL with RETRAIN_KEY, or to the local stack that npm start runs.`

const exitCodeHelp = `
Exit codes: 0 done; 1 failed; 2 wrong arguments; 3 there is no such thing; 4 refused, as things are;
5 the app can't be reached or the key is wrong.

Environment: RETRAIN_URL, RETRAIN_KEY, NO_COLOR; RETRAIN_STACK (the folder of a local stack, .local).

Examples:
  retrain status
  retrain drop southwest birdstrikes samples/southwest-next.csv --wait
  retrain runs southwest birdstrikes
  retrain watch`

/** Where help goes. */
export type ProgramOutput = { writeOut(text: string): void; columns?: number | undefined }

/** The whole command tree. It exits nowhere: what is wrong with the arguments, and help, come as CommanderError. */
export function createProgram(run: Run, output: ProgramOutput): Command {
  const program = new Command('retrain')
    .description(about)
    .addHelpText('after', exitCodeHelp)
    .version(ownVersion(), '-V, --version', 'the version')
    .showSuggestionAfterError(true)
    .configureHelp({ subcommandTerm: termOf })
  addGlobalOptions(program)
  for (const [heading, group] of Object.entries(commands)) {
    program.commandsGroup(heading)
    for (const register of group) register(program, run)
  }
  for (const command of treeOf(program)) {
    command
      .exitOverride()
      .allowExcessArguments(false)
      .configureOutput({
        writeOut: output.writeOut,
        writeErr: () => {},
        getOutHelpWidth: () => output.columns ?? 110,
      })
      .helpCommand(false)
    if (command !== program) {
      command.addHelpText(
        'after',
        '\nWith every command: --url --key --reason --by --json --yes (retrain --help)',
      )
    }
  }
  return program
}

/** `runs <customer> <model>`, without the `[options]` that nearly every command would show. Pure. */
function termOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`
    return argument.required ? `<${name}>` : `[${name}]`
  })
  return [command.name(), ...args].join(' ')
}

/** The command and all below it. */
export function treeOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(treeOf)]
}

/** What commander says of wrong arguments, in our words and one line; undefined for help that was asked for. Pure. */
export function toUsageError(error: CommanderError): CliError | undefined {
  if (error.exitCode === 0) return undefined
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const hint = rest.join(' ').trim()
  const unknown = /^unknown command '(.*)'$/.exec(first)?.[1]
  if (error.code === 'commander.help') {
    return new UsageError('Cannot read the arguments: it needs a command of its own (see it with --help)', {
      cause: error,
    })
  }
  const said =
    unknown === undefined
      ? `Cannot read the arguments: ${first}`
      : `Cannot ${unknown}: there is no such command`
  const help = hint === '' ? ' (see retrain --help)' : ` ${lowerFirst(hint)}`
  return new UsageError(`${said}${help}`, { cause: error })
}

const lowerFirst = (text: string) => text.replace(/^\(D/, '(d')
