import type { Command } from 'commander'
import { examples, type Run } from '../cli.ts'
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
}
type Damaged = { beganAt: string; problem: string }

const usual = 30

/** `retrain audit`: who changed what, when and why. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('audit')
    .description('who changed what, when and why, the newest first')
    .option('--limit <n>', `so many entries (${usual}; with --json all)`, wholeNumber(1))
    .option('--all', 'every entry')
    .action(
      run(async (cli, _args: [], options: ListOptions) => {
        const { items, count } = await readList<Entry | Damaged>(cli, { path: 'audit', usual, options })
        if (items.length > 0) cli.out.table(['when', 'who', 'what', 'of', 'outcome', 'why'], items.map(rowOf))
        else if (count === 0) cli.out.line('nothing was changed through the API yet')
      }),
    )
  examples(command, 'audit', 'audit --limit 200', 'audit --json')
}

function rowOf(entry: Entry | Damaged): Part[] {
  if ('problem' in entry) {
    return [instant(entry.beganAt), '', '', '', { text: 'damaged', colour: 'bad' }, entry.problem]
  }
  const { beganAt, by, what, target, outcome, reason } = entry
  const isDone = outcome === 'done'
  return [
    instant(beganAt),
    by,
    what,
    target,
    isDone ? outcome : { text: outcome, colour: outcome === 'begun' ? 'warn' : 'bad' },
    reason,
  ]
}
