import type { Command } from 'commander'
import { path } from '../apiClient.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import {
  type About,
  followAll,
  type Letter,
  type Redriven,
  redriveMany,
  redriveThese,
  wentWrong,
  wholeIds,
} from '../deadLetters/redrive.ts'
import { type ExitCode, exitCodes, UsageError } from '../errors.ts'
import { type ListOptions, readList } from '../listing.ts'
import { wholeNumber } from '../numbers.ts'
import { statePart } from '../output/state.ts'
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
    .argument('[id...]', 'their ids, or how these begin')
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
  registerDismiss(group, run)
}

function registerDismiss(group: Command, run: Run): void {
  const dismiss = group
    .command('dismiss')
    .description('put dead letters aside that need nothing any more, as of a run that a newer one overtook')
    .argument('<id...>', 'their ids, or how these begin')
    .action(run((cli, [ids]: [string[]]) => dismissLetters(cli, ids)))
  examples(dismiss, 'dead-letters dismiss 5f1c0d2ab3e94c77 --reason "a newer generation is live"')
}

async function dismissLetters(cli: Cli, begun: string[]): Promise<void> {
  const ids = await wholeIds(cli, begun, 'dismiss')
  const reason = await cli.askReason(`dismiss ${ids.length === 1 ? 'it' : `${ids.length} dead letters`}`)
  for (const id of ids) {
    const answer = await cli.api.post<{ outcome: string }>(path('dead-letters', id, 'dismiss'), { reason })
    if (cli.json) cli.out.json(answer)
    else if (answer.outcome === 'dismissed') cli.out.line(`${shortId(id)} put aside`)
    else cli.out.line(`${shortId(id)} was sent again or put aside before`)
  }
}

type RedriveOptions = { all?: boolean; canary?: number }

/** For people the newest first: the app lists them by their ids, so that all are read before the first is shown. */
async function showAll(cli: Cli, options: ListOptions): Promise<void> {
  const reading = cli.json ? options : { all: true }
  const { items, count } = await readList<Letter>(cli, { path: 'dead-letters', usual, options: reading })
  if (count === 0 && !cli.json) cli.out.line('no dead letters')
  if (items.length === 0) return
  const most = options.all === true ? items.length : (options.limit ?? usual)
  const newest = items.toSorted((one, other) => other.recordedAt.localeCompare(one.recordedAt)).slice(0, most)
  cli.out.table(
    ['id', 'of', 'run', 'since', 'sent again', 'reason'],
    newest.map((letter) => rowOf(letter, cli.now())),
  )
  if (newest.length < items.length) {
    cli.out.note(`these are the newest ${most} of ${items.length}: --limit N or --all shows more`)
  }
}

function rowOf(letter: Letter, nowMs: number): Part[] {
  const { id, source, reason, recordedAt, resentAt, dismissedAt } = letter
  const done = resentAt === undefined && dismissedAt !== undefined ? 'put aside' : ago(resentAt, nowMs)
  return [shortId(id), source, runOf(letter), ago(recordedAt, nowMs), done, firstLine(reason)]
}

function runOf({ customerId, model, generation }: About): string {
  const of = [customerId, model].filter((part) => part !== undefined).join('/')
  return generation === undefined ? of : `${of} ${generation}`
}

/** Enough of an id for people, and to name the letter; --json has all of it. */
const shortId = (id: string) => id.slice(0, 12)
const firstLine = (text: string) => text.split('\n', 1)[0] ?? ''

async function redriveLetters(cli: Cli, ids: string[], { all, canary }: RedriveOptions): Promise<ExitCode> {
  const ways = [ids.length > 0, all === true, canary !== undefined].filter(Boolean).length
  if (ways !== 1) {
    throw new UsageError('Cannot send dead letters again: name their ids, or say --all or --canary N')
  }
  const results = ids.length > 0 ? await redriveThese(cli, ids) : await redriveSome(cli, canary)
  for (const result of results) tell(cli, result)
  const wrong = results.filter(wentWrong).length
  if (!cli.json) await conclude(cli, { results, wrong, isCanary: canary !== undefined })
  return wrong === 0 ? exitCodes.ok : exitCodes.failed
}

async function redriveSome(cli: Cli, canary: number | undefined): Promise<Redriven[]> {
  if (canary === undefined) return redriveMany(cli, { all: true }, await countWaiting(cli))
  return followAll(cli, await redriveMany(cli, { canary }, canary))
}

async function countWaiting(cli: Cli): Promise<number> {
  let count = 0
  for await (const _letter of cli.api.pages<Letter>('dead-letters', { open: true, limit: 500 })) count++
  return count
}

function tell({ json, out }: Cli, result: Redriven): void {
  const { run, ...sent } = result
  const name = `${shortId(sent.id)} ${runOf(sent)}`.trimEnd()
  if (json) out.json({ ...sent, ...(run !== undefined && { state: run.state, runReason: run.reason }) })
  else if (sent.outcome === 'refused') {
    out.line(`${name} `, { text: 'refused', colour: 'bad' }, `: ${sent.reason}`)
  } else if (run === undefined) out.line(`${name} sent again`)
  else out.line(`${name} sent again, now `, statePart(run.state))
}

type Conclusion = { results: readonly Redriven[]; wrong: number; isCanary: boolean }

async function conclude(cli: Cli, { results, wrong, isCanary }: Conclusion): Promise<void> {
  const { out } = cli
  if (results.length === 0) return out.line('no dead letters wait to be sent again')
  if (!isCanary) return out.line(`${results.length - wrong} of ${results.length} sent again`)
  const left = await countWaiting(cli)
  if (wrong > 0) out.line(`${wrong} of ${results.length} went wrong again: not safe to go on; ${left} wait`)
  else if (left === 0) out.line(`all ${results.length} went well; none waits any more`)
  else
    out.line(
      `all ${results.length} went well: safe to go on; ${left} wait (retrain dead-letters redrive --all)`,
    )
}
