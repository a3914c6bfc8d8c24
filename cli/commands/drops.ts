import { type Command, Option } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { NotFoundError } from '../errors.ts'
import { modelPath } from '../modelPath.ts'
import { wholeNumber } from '../numbers.ts'
import { ago } from '../output/when.ts'

type Drop = {
  id: string
  name: string
  sizeBytes: number
  state: string
  generation?: number
  use?: string
  reason?: string
  excludedFor?: string
  acceptedAt: string
}

type Filter = { state?: string; generation?: number; containing?: string }

/** Two hashes and a dash; people get enough of the first to name a drop, --json has all of it. */
const idLength = 49
const shortId = (id: string) => id.slice(0, 12)
const states = ['pending', 'taken', 'unchanged', 'excluded']

/** `retrain drops`: what came of training data, and what is left out of later sets. */
export function register(program: Command, run: Run): void {
  const group = program.command('drops').description('what came as training data, and what is left out')
  const list = model(group.command('list'))
    .description('the drops of a model with what became of each')
    .addOption(new Option('--state <state>', 'only these').choices(states))
    .option('--generation <n>', 'only those of a generation', wholeNumber(1))
    .option('--containing <text>', 'only those whose reason holds this text')
    .action(run((cli, given: [string, string], filter: Filter) => show(cli, given, filter)))
  examples(list, 'drops list contoso census', 'drops list contoso census --state excluded --json')
  const exclude = model(group.command('exclude'))
    .description('leave a drop out of every set that is not opened yet')
    .argument('<id>', 'as drops list shows it, or how it begins')
    .action(run((cli, given: [string, string, string]) => change(cli, 'exclude', given)))
  examples(exclude, 'drops exclude contoso census 2246b0cae88e --reason "the wrong month"')
  const include = model(group.command('include'))
    .description('take a drop in again that was left out')
    .argument('<id>', 'as drops list shows it, or how it begins')
    .action(run((cli, given: [string, string, string]) => change(cli, 'include', given)))
  examples(include, 'drops include contoso census 2246b0cae88e --reason "it was the right month"')
}

function model(command: Command): Command {
  return command.argument('<customer>').argument('<model>')
}

async function show(cli: Cli, [customer, name]: [string, string], filter: Filter): Promise<void> {
  const { state, generation, containing: reason } = filter
  const rows: Drop[] = []
  const pages = cli.api.pages<Drop>(modelPath(customer, name, 'drops'), {
    state,
    generation,
    reason,
    limit: 500,
  })
  for await (const drop of pages) {
    if (cli.json) cli.out.json(drop)
    else rows.push(drop)
  }
  if (cli.json) return
  const at = cli.now()
  const columns = [
    'id',
    'name',
    { head: 'bytes', align: 'right' as const },
    'state',
    'generation',
    'accepted',
    'why',
  ]
  const newestFirst = rows.toSorted((one, other) => other.acceptedAt.localeCompare(one.acceptedAt))
  const cells = newestFirst.map((drop) => [
    ...[shortId(drop.id), drop.name.split('/').slice(2).join('/'), drop.sizeBytes],
    drop.use === undefined ? drop.state : `${drop.state}, ${drop.use}`,
    ...[drop.generation ?? '', ago(drop.acceptedAt, at), drop.excludedFor ?? drop.reason ?? ''],
  ])
  if (cells.length > 0) cli.out.table(columns, cells)
  cli.out.note(`${rows.length} ${rows.length === 1 ? 'drop' : 'drops'}`)
}

/** An id of which the beginning is given, whole. Throws NotFoundError where none or several begin so. */
async function wholeId(cli: Cli, verb: string, [customer, name, begin]: [string, string, string]) {
  if (begin.length >= idLength) return begin
  const found: string[] = []
  for await (const { id } of cli.api.pages<Drop>(modelPath(customer, name, 'drops'), { limit: 500 })) {
    if (id.startsWith(begin)) found.push(id)
  }
  const [id] = found
  if (id !== undefined && found.length === 1) return id
  const reason = found.length === 0 ? 'there is none of that id' : `${found.length} ids begin so`
  throw new NotFoundError(`Cannot ${verb} drop ${begin}: ${reason}`)
}

async function change(
  cli: Cli,
  what: 'exclude' | 'include',
  [customer, name, id]: [string, string, string],
): Promise<void> {
  const reason = what === 'exclude' ? await cli.askReason(`exclude drop ${id}`) : undefined
  const to = modelPath(customer, name, 'drops', await wholeId(cli, what, [customer, name, id]), what)
  const { outcome } = await cli.api.post<{ outcome: string }>(to, { reason })
  if (cli.json) return cli.out.json({ customer, model: name, drop: id, outcome })
  const done = what === 'exclude' ? 'left out of later sets' : 'taken in again'
  cli.out.line(
    outcome === 'changed' ? `drop ${id} is ${done}` : `drop ${id} is as it was: nothing to ${what}`,
  )
}
