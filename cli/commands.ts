import type { Register } from './cli.ts'
import { register as audit } from './commands/audit.ts'
import { register as drop } from './commands/drop.ts'
import { register as gateway } from './commands/gateway.ts'

/** Every command, in the order of the help: one line for each file of `commands/`. */
export const commands: readonly Register[] = [drop, audit, gateway]
