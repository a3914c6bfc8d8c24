import type { Command } from 'commander'

/** The command that others are below; several files of `commands/` may add to the same. */
export function commandGroup(program: Command, name: string, description: string): Command {
  const found = program.commands.find((command) => command.name() === name)
  return found ?? program.command(name).description(description)
}
