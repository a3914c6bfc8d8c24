import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { followAll, type Letter, type Redriven, redriveAll, wentWrong } from '../deadLetters/redrive.ts'
import { type ExitCode, exitCodes, NotFoundError, UsageError } from '../errors.ts'
import { type ListOptions, readList } from '../listing.ts'
import { wholeNumber } from '../numbers.ts'
import { wordsOf } from '../output/state.ts'
import type { Part } from '../output/text.ts'
import { ago } from '../output/when.ts'

const usual = 40

/** `retrain dead-letters`: what could not be done, and sending it again. */
export function register(program: Command, run: Run): void {
  const group = program.command('dead-letters').description('what could not be done, with its reason')
  const list = group
    .command('list', { isDefault: true })
    .description('what could not be done, and whether it was sent again')
    .option('--limit <n>', `so many (${usual}; with --json all)`, wholeNumber(1))
    .option('--all', 'every one')
    .action(run((cli, _args: [], options: ListOptions) => showAll(cli, options)))
  examples(list, 'dead-letters', 'dead-letters list --all', 'dead-letters list --json')
  const redrive = group
    .command('redrive')
    .description('send dead letters again: those named, all, or a few first to see whether it helps')
    .argument('[id...]', 'their ids')
    .option('--all', 'every one that was not sent again yet')
    .option(
      '--canary <n>',
      'so many first, followed to their ends: says whether it is safe to go on',
      wholeNumber(1, 100),
    )
    .action(run((cli, [ids]: [string[]], options: RedriveOptions) => redriveLetters(cli, ids, options)))
  examples(
    redrive,
    'dead-letters redrive 5f1c0d2ab3e94c77',
    'dead-letters redrive --canary 5',
    'dead-letters redrive --all --reason "the service is up again"',
  )
}

type RedriveOptions = { all?: boolean; canary?: number }

async function showAll(cli: Cli, options: ListOptions): Promise<void> {
  const { items, count } = await readList<Letter>(cli, { path: 'dead-letters', usual, options })
  if (count === 0 && !cli.json) cli.out.line('no dead letters')
  if (items.length === 0) return
  cli.out.table(
    ['id', 'of', 'run', 'since', 'sent again', 'reason'],
    items.map((letter) => rowOf(letter, cli.now())),
  )
}

function rowOf(letter: Letter, nowMs: number): Part[] {
  const { id, source, reason, recordedAt, resentAt } = letter
  return [id, source, runOf(letter), ago(recordedAt, nowMs), ago(resentAt, nowMs), firstLine(reason)]
}

function runOf({ customerId, model, generation }: Letter): string {
  const of = [customerId, model].filter((part) => part !== undefined).join('/')
  return generation === undefined ? of : `${of} ${generation}`
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? ''

async function redriveLetters(cli: Cli, ids: string[], { all, canary }: RedriveOptions): Promise<ExitCode> {
  const ways = [ids.length > 0, all === true, canary !== undefined].filter(Boolean).length
  if (ways !== 1)
    throw new UsageError('Cannot send dead letters again: name their ids, or say --all or --canary N')
  const waiting = await readWaiting(cli)
  const chosen = ids.length > 0 ? choose(waiting, ids) : waiting.slice(0, canary)
  const sent = await redriveAll(cli, chosen)
  const results = canary === undefined ? sent : await followAll(cli, sent)
  for (const result of results) tell(cli, result)
  const wrong = results.filter(wentWrong).length
  if (!cli.json)
    conclude(cli, { results, wrong, left: waiting.length - chosen.length, isCanary: canary !== undefined })
  return wrong === 0 ? exitCodes.ok : exitCodes.failed
}

async function readWaiting(cli: Cli): Promise<Letter[]> {
  const waiting: Letter[] = []
  for await (const letter of cli.api.pages<Letter>('dead-letters', { limit: 500 })) {
    if (letter.resentAt === undefined) waiting.push(letter)
  }
  return waiting
}

function choose(waiting: readonly Letter[], ids: readonly string[]): Letter[] {
  return ids.map((id) => {
    const letter = waiting.find((each) => each.id === id)
    if (letter !== undefined) return letter
    throw new NotFoundError(
      `Cannot send dead letter ${id} again: there is none of that id that was not sent again already`,
    )
  })
}

function tell(cli: Cli, result: Redriven): void {
  const { letter, kind } = result
  const { id, customerId, model, generation } = letter
  if (cli.json) {
    const outcome =
      kind === 'ended'
        ? { state: result.run.state, reason: result.run.reason }
        : kind === 'refused'
          ? { reason: result.reason }
          : {}
    cli.out.json({ id, kind, customerId, model, generation, ...outcome })
    return
  }
  const name = `${id} ${runOf(letter)}`
  if (kind === 'sent') cli.out.line(`${name} sent again`)
  else if (kind === 'refused')
    cli.out.line(`${name} `, { text: 'refused', colour: 'bad' }, `: ${result.reason}`)
  else cli.out.line(`${name} sent again, now ${wordsOf(result.run.state)}`)
}

type Conclusion = { results: readonly Redriven[]; wrong: number; left: number; isCanary: boolean }

function conclude({ out }: Cli, { results, wrong, left, isCanary }: Conclusion): void {
  if (results.length === 0) out.line('no dead letters wait to be sent again')
  else if (!isCanary) out.line(`${results.length - wrong} of ${results.length} sent again`)
  else if (wrong > 0)
    out.line(`${wrong} of ${results.length} went wrong again: not safe to go on; ${left} wait`)
  else
    out.line(
      `all ${results.length} went well: safe to go on; ${left} wait (retrain dead-letters redrive --all)`,
    )
}
