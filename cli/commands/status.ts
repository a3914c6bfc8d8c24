import { type Command, Option } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { NotFoundError } from '../errors.ts'
import { type ListOptions, readList } from '../listing.ts'
import { wholeNumber } from '../numbers.ts'
import { type Fleet, summaryParts } from '../status/fleet.ts'
import { type ModelLine, modelColumns, modelRow } from '../status/models.ts'

type Options = ListOptions & { state?: string }

const usual = 40
const states = [
  'live',
  'training',
  'awaitingApproval',
  'failed',
  'rejected',
  'quarantined',
  'paused',
  'pinned',
  'neverTrained',
]

/** `retrain status`: the fleet at a glance, and a line for each model. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('status')
    .description(
      'the fleet at a glance: what is live, training, awaiting approval, failed, quarantined, paused',
    )
    .argument('[customer]', 'the models of one customer')
    .addOption(new Option('--state <state>', 'only models in this state').choices(states))
    .option('--limit <n>', `so many models (${usual}; with --json all)`, wholeNumber(1))
    .option('--all', 'every model')
    .action(run((cli, [customer]: [string?], options: Options) => status(cli, customer, options)))
  examples(command, 'status', 'status southwest', 'status --state failed --all', 'status --json')
}

async function status(cli: Cli, customerId: string | undefined, options: Options): Promise<void> {
  const { state } = options
  const isWhole = customerId === undefined && !cli.json
  if (isWhole) for (const parts of summaryParts(await cli.api.get<Fleet>('fleet'))) cli.out.line(...parts)
  const query = { customerId, state }
  const { items, count } = await readList<ModelLine>(cli, { path: 'models', query, usual, options })
  if (count === 0 && customerId !== undefined && state === undefined) {
    throw new NotFoundError(
      `Cannot show customer ${customerId}: there is none of that name, or it has no model`,
    )
  }
  if (items.length === 0) return
  if (isWhole) cli.out.line()
  cli.out.table(
    modelColumns,
    items.map((model) => modelRow(model, cli.now())),
  )
}
