import type { Command } from 'commander'
import { globTest } from '../../shared/lib/glob.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { exitCodes, UsageError } from '../errors.ts'
import { eachModel, type Failure } from '../many/eachModel.ts'
import { instant } from '../many/instant.ts'
import { modelPath } from '../modelPath.ts'
import { wholeNumber } from '../numbers.ts'

type Options = {
  since?: string
  customers: string
  perMinute: number
  again?: boolean
  begunAt?: string
}
type Key = { customerId: string; model: string }
/** Source: shared/api/routes/fleetOperations.ts. */
type Answer = Key & {
  found: number
  accepted: number
  next?: string
  outcome?: 'started' | 'idle' | 'held'
  reason?: string
}
type Totals = { models: number; found: number; accepted: number; started: number; held: Failure[] }

const mostAtOnce = 16

/** `retrain backfill`: takes up what landed since, at so many models a minute. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('backfill')
    .description(
      'accept what landed and was never recorded, and train on what waits; running it again goes on',
    )
    .option('--since <time>', 'data that landed then or later', instant)
    .option('--customers <pattern>', 'of these customers only, as con*', '*')
    .option('--per-minute <n>', 'start so many models a minute at most', wholeNumber(1, 6_000), 30)
    .option('--again', 'also models where everything was taken: once more on their data')
    .option('--begun-at <time>', 'with --again, to go on: when the backfill was begun', instant)
    .action(run((cli, _args: [], options: Options) => backfill(cli, options)))
  examples(
    command,
    'backfill --since 2026-01-01 --per-minute 30 --reason "the year so far"',
    'backfill --since 2026-01-01 --customers "con*" --again --reason "a changed experiment"',
  )
}

async function backfill(cli: Cli, options: Options): Promise<0 | 1> {
  const { since, customers, perMinute } = options
  if (since === undefined) throw new UsageError('Cannot backfill: say --since when, as 2026-01-01')
  const reason = await cli.askReason(`backfill since ${since}`)
  const begunAt = options.begunAt ?? new Date(cli.now()).toISOString()
  const hasCustomer = globTest(customers)
  const models: Key[] = []
  for await (const item of cli.api.pages<Key>('models', { limit: 500 })) {
    if (hasCustomer(item.customerId)) models.push({ customerId: item.customerId, model: item.model })
  }
  if (options.again === true) cli.out.note(`to go on after an interruption: --begun-at ${begunAt}`)
  const totals: Totals = { models: models.length, found: 0, accepted: 0, started: 0, held: [] }
  const pace = { atOnce: Math.min(mostAtOnce, perMinute), perMinute, label: 'models looked at' }
  const body = { since, again: options.again, begunAt }
  const failures = await eachModel(cli, models, pace, (key) =>
    backfillOne(cli, key, { reason, body }, totals),
  )
  if (cli.json) cli.out.json({ ...totals, failures })
  else report(cli, totals, failures)
  return failures.length === 0 ? exitCodes.ok : exitCodes.failed
}

async function backfillOne(
  cli: Cli,
  { customerId, model }: Key,
  { reason, body }: { reason: string; body: object },
  totals: Totals,
): Promise<void> {
  let next: string | undefined
  do {
    const answer: Answer = await cli.api.post<Answer>(modelPath(customerId, model, 'backfill'), {
      reason,
      body: { ...body, next },
    })
    totals.found += answer.found
    totals.accepted += answer.accepted
    if (answer.outcome === 'started') totals.started++
    if (answer.outcome === 'held') totals.held.push({ customerId, model, reason: answer.reason ?? '' })
    next = answer.next
  } while (next !== undefined)
}

function report(cli: Cli, totals: Totals, failures: readonly Failure[]): void {
  const { models, found, accepted, started, held } = totals
  for (const { customerId, model, reason } of [...held, ...failures])
    cli.out.line(`${customerId}/${model}: ${reason}`)
  cli.out.line(
    `${models} models: ${found} files since, ${accepted} newly accepted; ${started} started, ${held.length} held, ${failures.length} failed`,
  )
}
