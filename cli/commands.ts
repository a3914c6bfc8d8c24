import type { Register } from './cli.ts'
import { register as apply } from './commands/apply.ts'
import { register as audit } from './commands/audit.ts'
import { register as backfill } from './commands/backfill.ts'
import { register as customers } from './commands/customers.ts'
import { register as deadLetters } from './commands/deadLetters.ts'
import { register as doctor } from './commands/doctor.ts'
import { register as drop } from './commands/drop.ts'
import { register as drops } from './commands/drops.ts'
import { register as fleet } from './commands/fleet.ts'
import { register as gate } from './commands/gate.ts'
import { register as gateway } from './commands/gateway.ts'
import { register as handover } from './commands/handover.ts'
import { register as holdout } from './commands/holdout.ts'
import { register as importFleet } from './commands/import.ts'
import { register as lineage } from './commands/lineage.ts'
import { register as operations } from './commands/operations.ts'
import { register as pauses } from './commands/pauses.ts'
import { register as refresh } from './commands/refresh.ts'
import { register as retention } from './commands/retention.ts'
import { register as runs } from './commands/runs.ts'
import { register as status } from './commands/status.ts'
import { register as unclaimed } from './commands/unclaimed.ts'
import { register as watch } from './commands/watch.ts'
import { register as webhooks } from './commands/webhooks.ts'
import { register as why } from './commands/why.ts'

/** Every command by the heading it stands under in the help, in its order there: one entry for each file of `commands/`. */
export const commands: Readonly<Record<string, readonly Register[]>> = {
  'See how things are:': [status, watch, why, runs, lineage, doctor],
  'Customers and web services:': [apply, customers, handover, importFleet, refresh, webhooks, retention],
  'Training data and runs:': [drop, drops, unclaimed, operations, pauses, gate, holdout, backfill, fleet],
  'What went wrong, and who did what:': [deadLetters, audit],
  'Gateway:': [gateway],
}
