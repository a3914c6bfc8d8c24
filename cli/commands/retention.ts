import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { commandGroup } from '../commandGroup.ts'

type Removal = { customerId: string; model: string; generation: number; kind: string; names: string[] }

/** `retrain retention plan`: what has outlived its time. */
export function register(program: Command, run: Run): void {
  const group = commandGroup(program, 'retention', 'what is kept, and for how long')
  const plan = group
    .command('plan')
    .description('what the next ticks would remove of all models; nothing is removed')
    .action(run((cli) => show(cli)))
  examples(plan, 'retention plan', 'retention plan --json | jq -r ".names[]"')
}

async function show(cli: Cli): Promise<void> {
  const removals: Removal[] = []
  for await (const removal of cli.api.pages<Removal>('retention/plan')) {
    if (cli.json) cli.out.json(removal)
    else removals.push(removal)
  }
  if (cli.json) return
  const rows = removals.map(({ customerId, model, generation, kind, names }) => [
    ...[customerId, model, generation, kind, names.length],
  ])
  const right = (head: string) => ({ head, align: 'right' as const })
  if (rows.length > 0) cli.out.table(['customer', 'model', right('generation'), 'what', right('blobs')], rows)
  const blobs = removals.reduce((sum, { names }) => sum + names.length, 0)
  cli.out.line(
    blobs === 0 ? 'nothing has outlived its time' : `${blobs} blobs of ${removals.length} would be removed`,
  )
}
