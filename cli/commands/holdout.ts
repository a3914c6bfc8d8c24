import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { mostHoldoutBytes } from '../../shared/retraining/keepHoldout.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { checkFile } from '../drop/checkFile.ts'
import { UsageError } from '../errors.ts'
import { modelPath } from '../modelPath.ts'

/** What became of the file. Source: shared/api/routes/holdout.ts. */
type Kept = {
  outcome: 'created' | 'unchanged'
  blob: string
  rows: number
  columns: string[]
  use: 'switched' | 'inUse' | 'none'
  replaced?: string
}

/** `retrain holdout`: rows that nobody trains on, for the gate to compare models on. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('holdout')
    .description('give a model’s gate the rows that it compares the live model and a new one on')
    .argument('<customer>')
    .argument('<model>')
    .argument('<file>', 'a CSV with a header and the label, at most 8 MB; nobody trains on its rows')
    .action(
      run((cli, [customer, model, file]: [string, string, string]) => keep(cli, { customer, model }, file)),
    )
  examples(
    command,
    'holdout contoso census heldout.csv',
    'holdout contoso census heldout.csv --reason "the rows of 2026" --json',
  )
}

type Model = { customer: string; model: string }

async function keep(cli: Cli, { customer, model }: Model, file: string): Promise<void> {
  const { name, sizeBytes } = checkFile(file, undefined, 'keep')
  if (sizeBytes > mostHoldoutBytes) {
    const most = mostHoldoutBytes / (1024 * 1024)
    throw new UsageError(`Cannot keep ${file}: it is larger than ${most} MB; a sample of its rows will do`)
  }
  const { body } = await cli.api.send<Kept>('PUT', modelPath(customer, model, 'holdout'), {
    query: { file: name },
    csv: readFileSync(file),
    signal: cli.signal,
  })
  if (cli.json) return cli.out.json(body)
  const { outcome, blob, rows, columns } = body
  const done = outcome === 'created' ? 'kept' : 'was there already:'
  cli.out.line(
    `${done} ${file} (${rows} rows, ${columns.length} columns) as holdouts/${customer}/${model}/${blob}`,
  )
  for (const line of usedLines(`${customer}/${model}`, body)) cli.out.line(line)
}

/** What the gate does with the file, and what is left to do. Pure. */
function usedLines(model: string, { use, replaced, blob, columns }: Kept): string[] {
  const inFile = `a fleet file has to say so too, or applying it goes back: blob: ${blob}`
  switch (use) {
    case 'switched':
      return [`the gate of ${model} compares on it from now on, no longer on ${replaced}`, inFile]
    case 'inUse':
      return [`the gate of ${model} compares on it already`]
    case 'none':
      return [
        `the gate of ${model} compares on no rows yet; to have it do so, say in the fleet file and apply it:`,
        ...sample(blob, columns),
      ]
  }
}

/** The gate of a fleet file; what the file alone does not tell is in capitals. Source: docs/gate.md. */
function sample(blob: string, columns: readonly string[]): string[] {
  return [
    '  gate:',
    '    kind: limits',
    "    limits: ['AUC >= 0.7']",
    '    holdout:',
    `      blob: ${blob}`,
    `      label: LABEL                  # one of ${columns.join(', ').slice(0, 200)}`,
    "      positive: 'VALUE'             # the label's value that the probability is of",
    '      scored: Scored Probabilities  # the column of the endpoint’s answer',
    '      measure: AUC',
    '      margin: 0.01',
    '      staging: staging              # an endpoint that answers no customer; it is made',
  ]
}
