import type { Register } from './cli.ts'

/** Every command, in the order of the help: one line for each file of `commands/`. */
export const commands: readonly Register[] = []
