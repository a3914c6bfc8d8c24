import { type Command, InvalidArgumentError } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { exitCodes, UsageError } from '../errors.ts'
import { eachModel } from '../many/eachModel.ts'
import { instant } from '../many/instant.ts'
import { modelPath } from '../modelPath.ts'
import { wholeNumber } from '../numbers.ts'
import { change } from './pauses.ts'

/** A model of the plan. Source: shared/api/routes/fleetOperations.ts. */
type Planned = {
  customerId: string
  model: string
  from: number
  to?: number
  trainedAt?: string
  trainingService: string
  skipped?: string
}
type Options = {
  trainedBetween?: string[]
  trainingService?: string
  customers: string
  plan?: boolean
  atOnce: number
}

/** `retrain fleet pause`, `resume` and `rollback`: what is done to many models. */
export function register(program: Command, run: Run): void {
  const group = program.command('fleet').description('what is done to all models, or to many')
  for (const verb of ['pause', 'resume'] as const) {
    const command = group
      .command(verb)
      .description(`${verb} every model of every customer`)
      .action(run((cli) => change(cli, verb, { to: 'fleet', name: 'the fleet' })))
    examples(command, `fleet ${verb} --reason "the experiment is being changed"`)
  }
  const rollback = group
    .command('rollback')
    .description('put many models back to what was live before: a plan first, then the changes')
    .option('--trained-between <from...>', 'models trained from the first instant to before the second', two)
    .option('--training-service <name>', 'models trained by this training web service')
    .option('--customers <pattern>', 'of these customers only, as con*', '*')
    .option('--plan', 'show the plan and change nothing')
    .option('--at-once <n>', 'so many models at a time', wholeNumber(1, 32), 8)
    .action(run((cli, _args: [], options: Options) => rollBack(cli, options)))
  examples(
    rollback,
    'fleet rollback --trained-between 2026-03-01 2026-03-03 --plan',
    'fleet rollback --trained-between 2026-03-01 2026-03-03 --customers "con*" --reason "a bad export" --yes',
    'fleet rollback --training-service census-training --reason "a wrong experiment"',
  )
}

function two(text: string, before: string[] = []): string[] {
  if (before.length === 2) throw new InvalidArgumentError('It takes two instants')
  return [...before, instant(text)]
}

async function rollBack(cli: Cli, options: Options): Promise<0 | 1> {
  const plan = await readPlan(cli, options)
  const due = plan.filter(({ to }) => to !== undefined)
  if (options.plan === true || due.length === 0) {
    if (cli.json) cli.out.json({ plan })
    else show(cli, plan)
    return exitCodes.ok
  }
  if (!cli.json) show(cli, plan)
  await cli.confirm(`Roll back ${due.length} ${due.length === 1 ? 'model' : 'models'}`)
  const reason = await cli.askReason(`roll back ${due.length} models`)
  const pace = { atOnce: options.atOnce, label: 'models rolled back' }
  const failures = await eachModel(cli, due, pace, async ({ customerId, model, to }) => {
    await cli.api.post(modelPath(customerId, model, 'rollback'), { reason, body: { to } })
  })
  if (cli.json) cli.out.json({ rolledBack: due.length - failures.length, plan, failures })
  else {
    for (const { customerId, model, reason: why } of failures) cli.out.line(`${customerId}/${model}: ${why}`)
    cli.out.line(`${due.length - failures.length} models go back and are pinned, ${failures.length} failed`)
  }
  return failures.length === 0 ? exitCodes.ok : exitCodes.failed
}

async function readPlan(cli: Cli, options: Options): Promise<Planned[]> {
  const { trainedBetween = [], trainingService, customers } = options
  if (trainedBetween.length === 1) throw new UsageError('Cannot plan: --trained-between takes two instants')
  const [trainedFrom, trainedBefore] = trainedBetween
  if (trainedFrom !== undefined && trainedBefore !== undefined && trainedFrom >= trainedBefore) {
    throw new UsageError('Cannot plan: the second instant of --trained-between is not after the first')
  }
  if ((trainedFrom ?? trainingService) === undefined) {
    throw new UsageError('Cannot plan: say which models, by --trained-between or --training-service')
  }
  const query = { trainedFrom, trainedBefore, trainingService, customers }
  const plan: Planned[] = []
  for await (const item of cli.api.pages<Planned>('fleet/rollback', query)) plan.push(item)
  return plan
}

function show(cli: Cli, plan: readonly Planned[]): void {
  if (plan.length === 0) {
    cli.out.line('no live model is meant')
    return
  }
  const rows = plan.map(({ customerId, model, from, to, trainedAt, trainingService, skipped }) => [
    customerId,
    model,
    String(from),
    to === undefined ? '' : String(to),
    trainedAt?.slice(0, 16).replace('T', ' ') ?? '',
    trainingService,
    skipped === undefined ? '' : { text: `skipped: ${skipped}`, colour: 'warn' as const },
  ])
  cli.out.table(['customer', 'model', 'from', 'to', 'trained', 'by', ''], rows)
}
