import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { type PassportOptions, showPassport } from '../lineage/passport.ts'
import { type ListOptions, readList } from '../listing.ts'
import { modelPath } from '../modelPath.ts'
import { wholeNumber } from '../numbers.ts'
import { type ListedRun, type RunView, runColumns, runLines, runRow } from '../status/runs.ts'

const usual = 20

/** `retrain runs`: a model's runs, and one with its timeline. */
export function register(program: Command, run: Run): void {
  const runs = program
    .command('runs')
    .description('a model’s runs, the newest first')
    .argument('<customer>')
    .argument('<model>')
    .option('--limit <n>', `so many runs (${usual}; with --json all)`, wholeNumber(1))
    .option('--all', 'every run')
    .action(
      run((cli, [customer, model]: [string, string], options: ListOptions) =>
        list(cli, modelPath(customer, model, 'runs'), options),
      ),
    )
  examples(runs, 'runs contoso census', 'runs contoso census --json', 'runs show contoso census 41')
  registerShow(runs, run)
}

function registerShow(runs: Command, run: Run): void {
  const show = runs
    .command('show')
    .description('one run: what it trained on, its decision, its timeline')
    .argument('<customer>')
    .argument('<model>')
    .argument('<generation>', 'its number', wholeNumber(1))
    .option('--passport', 'where its model came from, as JSON that `retrain verify` checks offline')
    .option('--chain', 'with --passport: also the passports before it')
    .option('--out <file>', 'with --passport: to a file')
    .action(
      run(async (cli, given: [string, string, number], options: PassportOptions & { passport?: boolean }) => {
        const [customer, model, generation] = given
        if (options.passport === true) return showPassport(cli, given, options)
        const found = await cli.api.get<RunView>(modelPath(customer, model, 'runs', generation))
        if (cli.json) cli.out.json(found)
        else for (const line of runLines(found, cli.now())) cli.out.line(...line)
      }),
    )
  examples(
    show,
    'runs show contoso census 41',
    'runs show contoso census 41 --json',
    'runs show contoso census 41 --passport --chain --out chain.json',
  )
}

async function list(cli: Cli, path: string, options: ListOptions): Promise<void> {
  const { items, count } = await readList<ListedRun>(cli, { path, usual, options })
  if (items.length > 0)
    cli.out.table(
      runColumns,
      items.map((item) => runRow(item, cli.now())),
    )
  else if (count === 0) cli.out.line('no run yet: retrain drop starts one')
}
