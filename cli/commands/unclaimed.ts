import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { type ListOptions, readList } from '../listing.ts'
import { wholeNumber } from '../numbers.ts'
import { ago } from '../output/when.ts'

/** A drop that belongs to nobody known. Source: shared/api/routes/unclaimed.ts. */
type Unclaimed = { name: string; sizeBytes: number; reason: string; seenAt: string }

const usual = 40

/** `retrain unclaimed`: training data that belongs to nobody known; it is taken up when its model is added. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('unclaimed')
    .description('drops that belong to no known customer or model, and why; taken up when the model is added')
    .option('--limit <n>', `so many (${usual}; with --json all)`, wholeNumber(1))
    .option('--all', 'every one')
    .action(run((cli, _args: [], options: ListOptions) => list(cli, options)))
  examples(command, 'unclaimed', 'unclaimed --json')
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { items, count } = await readList<Unclaimed>(cli, { path: 'unclaimed', usual, options })
  if (count === 0 && !cli.json) cli.out.line('no unclaimed drops')
  if (items.length === 0) return
  cli.out.table(
    ['training data', { head: 'bytes', align: 'right' }, 'seen', 'why'],
    items.map(({ name, sizeBytes, reason, seenAt }) => [name, sizeBytes, ago(seenAt, cli.now()), reason]),
  )
}
