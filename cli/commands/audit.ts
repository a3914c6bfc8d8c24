import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { type ListOptions, readList } from '../listing.ts'
import { wholeNumber } from '../numbers.ts'
import type { Part } from '../output/text.ts'
import { instant } from '../output/when.ts'

/** An entry of the audit log. Source: shared/api/routes/audit.ts. */
type Entry = {
  beganAt: string
  by: string
  what: string
  target: string
  outcome: 'begun' | 'done' | 'refused' | 'failed'
  reason: string
  detail?: string
}
type Damaged = { beganAt: string; problem: string }

const usual = 30

/** `retrain audit`: who changed what, when and why. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('audit')
    .description('who changed what, when and why, the newest first')
    .argument('[customer]', 'only what was asked of this one')
    .option('--limit <n>', `so many entries (${usual}; with --json all)`, wholeNumber(1))
    .option('--all', 'every entry')
    .action(
      run((cli, [customer]: [string | undefined], options: ListOptions) => showAudit(cli, customer, options)),
    )
  examples(command, 'audit', 'audit contoso --all', 'audit --limit 200', 'audit --json')
}

async function showAudit(cli: Cli, customerId: string | undefined, options: ListOptions): Promise<void> {
  const isSparse = customerId !== undefined
  const listing = { path: 'audit', query: { customerId }, usual, options, isSparse }
  const { items, count } = await readList<Entry | Damaged>(cli, listing)
  if (items.length > 0) cli.out.table(['when', 'who', 'what', 'of', 'outcome', 'why'], items.map(rowOf))
  else if (count === 0) {
    cli.out.line(`nothing was changed${isSparse ? ` of ${customerId}` : ''} through the API yet`)
  }
}

function rowOf(entry: Entry | Damaged): Part[] {
  if ('problem' in entry) {
    return [instant(entry.beganAt), '', '', '', { text: 'damaged', colour: 'bad' }, entry.problem]
  }
  const { beganAt, by, what, target, outcome, reason, detail } = entry
  const isDone = outcome === 'done'
  return [
    instant(beganAt),
    by,
    what,
    decoded(target),
    isDone ? outcome : { text: outcome, colour: outcome === 'begun' ? 'warn' : 'bad' },
    isDone || detail === undefined ? reason : `${reason} (${detail})`,
  ]
}

/** `services/training/Census%20Model` as people write it. */
function decoded(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}
