import type { Command } from 'commander'
import { fleetJsonSchema } from '../../shared/fleet/fleetFile.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { exitCodes, UsageError } from '../errors.ts'
import { carryOut } from '../fleet/carryOut.ts'
import { type FleetPlan, planFleet, readPresent } from '../fleet/planFleet.ts'
import { type FileProblem, type ReadFleet, readFleetFile, sorted } from '../fleet/readFleetFile.ts'
import { countText, showPlan } from '../fleet/showPlan.ts'
import { wholeNumber } from '../numbers.ts'

type Options = {
  schema?: boolean
  plan?: boolean
  prune?: boolean
  keepEndpoints?: boolean
  all?: boolean
  atOnce: number
}

/** `retrain apply`: web services and customers as a file declares them. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('apply')
    .description('make web services and customers what a fleet file says: a plan first, then the changes')
    .argument('[file]', 'YAML or JSON, see docs/fleet-file.md')
    .option('--plan', 'show the plan and change nothing')
    .option('--prune', 'off-board the models that are not in the file')
    .option('--keep-endpoints', 'with --prune: their endpoints stay')
    .option('--all', 'show the whole of a long plan')
    .option('--at-once <n>', 'so many models at a time', wholeNumber(1, 64), 16)
    .option('--schema', 'print the JSON Schema of fleet files, for editors')
    .action(run((cli, [file]: [string | undefined], options: Options) => apply(cli, file, options)))
  examples(
    command,
    'apply samples/fleet.yaml --plan',
    'apply fleet.yaml --yes',
    'apply fleet.yaml --prune --reason "contracts that ended"',
    'apply --schema > fleet.schema.json',
  )
}

async function apply(cli: Cli, file: string | undefined, options: Options): Promise<0 | 1 | 2> {
  if (options.schema === true) {
    cli.out.json(fleetJsonSchema())
    return exitCodes.ok
  }
  if (file === undefined) throw new UsageError('Cannot apply: name the fleet file')
  const read = readFleetFile(file)
  if (read.file === undefined) return refuse(cli, file, await allProblems(cli, read))
  const present = await readPresent(cli.api)
  const { plan: whole, problems, models } = planFleet(read.file, present)
  if (problems.length > 0) return refuse(cli, file, problems.map(read.place))
  const plan = withoutRemovals(cli, whole, options)
  const count = countText(plan, { add: 'add', change: 'change', remove: 'remove' })
  if (count === '' || options.plan === true) return conclude(cli, plan, options)
  if (!cli.json) showPlan(cli, plan, options.all === true)
  await cli.confirm(`${count[0]?.toUpperCase()}${count.slice(1)}`)
  const bodies = new Map(
    models.map(({ customerId, model, declaration }) => [`${customerId}/${model}`, declaration]),
  )
  const removes = plan.models.some(({ kind }) => kind === 'remove')
  const reason = removes ? await cli.askReason('off-board the models') : `retrain apply ${file}`
  const { atOnce, keepEndpoints = false } = options
  const startedAtMs = cli.now()
  const failures = await carryOut(cli, plan, { bodies, reason, atOnce, keepEndpoints })
  report(cli, plan, { failures, tookMs: cli.now() - startedAtMs })
  return failures.length === 0 ? exitCodes.ok : exitCodes.failed
}

/** Also what the app knows of names in a file that is wrong elsewhere; only the file's own where the app does not answer. */
async function allProblems(cli: Cli, { rest, problems, place }: ReadFleet): Promise<FileProblem[]> {
  if (rest === undefined) return problems
  try {
    const found = planFleet(rest, await readPresent(cli.api)).problems
    return sorted([...problems, ...found.map(place)])
  } catch (error) {
    cli.out.note(`names were not checked: ${error instanceof Error ? error.message : String(error)}`)
    return problems
  }
}

function refuse(cli: Cli, file: string, problems: readonly FileProblem[]): 2 {
  if (cli.json) cli.out.json({ errors: problems })
  else {
    for (const { line, column, path, message } of problems) {
      cli.out.line(`${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`)
    }
  }
  throw new UsageError(
    `Cannot apply ${file}: ${problems.length} ${problems.length === 1 ? 'error' : 'errors'}; nothing was changed`,
  )
}

/** Without `--prune` nothing is removed, and it is said how much would be. */
function withoutRemovals(cli: Cli, plan: FleetPlan, { prune }: Options): FleetPlan {
  if (prune === true) return plan
  const models = plan.models.filter(({ kind }) => kind !== 'remove')
  const left = plan.models.length - models.length
  if (left > 0)
    cli.out.note(
      `${left} ${left === 1 ? 'model is' : 'models are'} not in the file and stay${left === 1 ? 's' : ''} (--prune off-boards them)`,
    )
  return { ...plan, models }
}

function conclude(cli: Cli, plan: FleetPlan, options: Options): 0 {
  const isEmpty = plan.training.length + plan.predictive.length + plan.models.length === 0
  if (cli.json) cli.out.json({ plan })
  else if (isEmpty) cli.out.line('nothing to change')
  else showPlan(cli, plan, options.all === true)
  return exitCodes.ok
}

type Done = { failures: { customerId: string; model: string; reason: string }[]; tookMs: number }

function report(cli: Cli, plan: FleetPlan, { failures, tookMs }: Done): void {
  if (cli.json) cli.out.json({ plan, failures, tookMs })
  for (const { customerId, model, reason } of failures) cli.out.line(`${customerId}/${model}: ${reason}`)
  const models = plan.models.filter(
    ({ name }) => !failures.some(({ customerId, model }) => `${customerId}/${model}` === name),
  )
  const count = countText({ ...plan, models }, { add: 'added', change: 'changed', remove: 'removed' })
  const failed = failures.length === 0 ? '' : `; ${failures.length} failed: the same command goes on`
  cli.out.line(`${count || 'nothing done'} in ${Math.ceil(tookMs / 1000)} s${failed}`)
}
