import { type Command, InvalidArgumentError } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { CliError, exitCodes } from '../errors.ts'
import { modelPath } from '../modelPath.ts'
import { wholeNumber } from '../numbers.ts'
import type { Part } from '../output/text.ts'

/** A run that waits for an approval. Source: shared/api/routes/gate.ts. */
type Awaiting = { generation: number; verdict: string }
type Outcome = 'update' | 'approve' | 'reject'
type Changed = {
  customerId: string
  model: string
  generation: number
  was: Outcome
  wouldBe: Outcome
  live?: number
  text: string
}
type WhatIfPage = {
  gate: string
  items: Changed[]
  judged: number
  models: number
  unreadable?: { customerId: string; model: string }[]
  continuation?: string
}

/** `retrain approve`, `retrain reject`, `retrain gate what-if`. */
export function register(program: Command, run: Run): void {
  registerDecision(program, run, {
    verb: 'approve',
    description: 'send a model that waits, or that the gate rejected, to its endpoint',
  })
  registerDecision(program, run, {
    verb: 'reject',
    description: 'end a run that waits for an approval; the live model stays',
  })
  const group = program.command('gate').description('the limits that decide what reaches an endpoint')
  const command = group
    .command('what-if')
    .description('judge all past runs by other limits and list those whose outcome would change')
    .argument('<limits>', 'as AUC >= live - 0.005, several with "and"')
    .option('--since <time>', 'runs of so many days (90d), hours or weeks', days, 90)
    .option('--customer <id...>', 'of these customers only')
    .action(
      run((cli, [limits]: [string], options: { since: number; customer?: string[] }) =>
        whatIf(cli, limits, options),
      ),
    )
  examples(
    command,
    "gate what-if 'AUC >= live - 0.005' --since 90d",
    "gate what-if 'AUC >= 0.8 and Recall >= 0.3' --customer contoso fabrikam --json",
  )
}

function registerDecision(
  program: Command,
  run: Run,
  { verb, description }: { verb: 'approve' | 'reject'; description: string },
): void {
  const command = program
    .command(verb)
    .description(description)
    .argument('<customer>')
    .argument('<model>')
    .argument('[generation]', 'which, where several wait', wholeNumber(1))
    .action(
      run((cli, [customer, model, generation]: [string, string, number?]) =>
        decide(cli, verb, { customer, model, generation }),
      ),
    )
  examples(
    command,
    `${verb} contoso census --reason "looked at the errors by hand"`,
    `${verb} contoso census 41 --reason "as agreed with Contoso" --by ada`,
  )
}

type Subject = { customer: string; model: string; generation: number | undefined }

async function decide(cli: Cli, verb: 'approve' | 'reject', subject: Subject): Promise<void> {
  const { customer, model } = subject
  const generation = subject.generation ?? (await onlyAwaiting(cli, verb, subject))
  const reason = await cli.askReason(`${verb} generation ${generation} of ${customer}/${model}`)
  const to = modelPath(customer, model, 'runs', generation, verb)
  const answer = await cli.api.post<{ outcome: string }>(to, { reason })
  if (cli.json) return cli.out.json(answer)
  const done = {
    approved: 'approved: it goes to the endpoint',
    rejected: 'rejected',
    again: 'was decided so before',
  }
  const text = done[answer.outcome as keyof typeof done] ?? answer.outcome
  cli.out.line(`generation ${generation} of ${customer}/${model} ${text}`)
}

/** The generation may be left out when exactly one waits. */
async function onlyAwaiting(cli: Cli, verb: string, { customer, model }: Subject): Promise<number> {
  const { items } = await cli.api.get<{ items: Awaiting[] }>(modelPath(customer, model, 'awaiting'))
  const [first, ...others] = items
  if (first !== undefined && others.length === 0) return first.generation
  const what = `Cannot ${verb} a run of ${customer}/${model}`
  if (first === undefined) {
    throw new CliError(
      `${what}: none waits for an approval; name the generation of a rejected one`,
      exitCodes.refused,
    )
  }
  const generations = items.map(({ generation }) => generation).join(', ')
  throw new CliError(`${what}: several wait, ${generations}; say which`, exitCodes.usage)
}

async function whatIf(
  cli: Cli,
  gate: string,
  { since: sinceDays, customer: customers }: { since: number; customer?: string[] },
): Promise<void> {
  const found = {
    gate,
    sinceDays,
    judged: 0,
    models: 0,
    changed: [] as Changed[],
    unreadable: [] as string[],
  }
  let continuation: string | undefined
  do {
    const page: WhatIfPage = await cli.api.post<WhatIfPage>('gate/what-if', {
      query: { continuation },
      body: { gate, sinceDays, customers },
      signal: cli.signal,
    })
    found.gate = page.gate
    found.judged += page.judged
    found.models += page.models
    found.changed.push(...page.items)
    for (const { customerId, model } of page.unreadable ?? []) found.unreadable.push(`${customerId}/${model}`)
    continuation = page.continuation
  } while (continuation !== undefined)
  if (cli.json) return cli.out.json(found)
  if (found.changed.length > 0)
    cli.out.table(['customer', 'model', 'run', 'was', 'would be', 'live', 'why'], found.changed.map(rowOf))
  cli.out.line(summaryOf(found))
  if (found.unreadable.length > 0)
    cli.out.note(`not judged, their rows are damaged: ${found.unreadable.join(', ')}`)
}

const said = { update: 'updated', approve: 'asked', reject: 'rejected' } as const
const wouldBe = { update: 'update', approve: 'ask', reject: 'reject' } as const
const colours = { update: 'good', approve: 'warn', reject: 'bad' } as const

function rowOf(changed: Changed): Part[] {
  const { customerId, model, generation, was, live, text } = changed
  const then = { text: wouldBe[changed.wouldBe], colour: colours[changed.wouldBe] }
  return [
    customerId,
    model,
    String(generation),
    said[was],
    then,
    live === undefined ? '' : String(live),
    text,
  ]
}

function summaryOf(found: { gate: string; judged: number; models: number; changed: Changed[] }): string {
  const customers = new Set(found.changed.map(({ customerId }) => customerId)).size
  const runs = `${found.changed.length} of ${found.judged} runs`
  return `under ${found.gate}: ${runs} would come out otherwise, of ${customers} customers (${found.models} models looked at)`
}

const dayShare = { h: 1 / 24, d: 1, w: 7 } as const

/** `90d`, `12h`, `8w`: as days. */
function days(text: string): number {
  const [, count, unit = 'd'] = /^(\d+)([hdw])?$/.exec(text) ?? []
  const value = Number(count) * dayShare[unit as keyof typeof dayShare]
  if (value > 0 && value <= 3_650) return value
  throw new InvalidArgumentError('It is a time such as 90d, 12h or 8w')
}
