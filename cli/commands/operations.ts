import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { CliError, exitCodes, UsageError } from '../errors.ts'
import { modelPath } from '../modelPath.ts'
import { wholeNumber } from '../numbers.ts'

type Names = [customer: string, model: string]
type Outcome = { outcome: string }
/** Source: shared/api/routes/showModel.ts. */
type Shown = { head: { inFlight?: number; awaiting?: number[] } }

/** `retrain rollback`, `unpin`, `cancel`, `retrain` and `release`: what is done to one model by hand. */
export function register(program: Command, run: Run): void {
  registerRollback(program, run)
  registerCancel(program, run)
  registerRetrain(program, run)
  registerRelease(program, run)
}

function registerRollback(program: Command, run: Run): void {
  const command = onModel(program, 'rollback', 'put an archived model back on the endpoint, and pin it')
    .option('--to <generation>', 'which; without it the one that was live before', wholeNumber(1))
    .action(
      run(async (cli, names: Names, { to }: { to?: number }) => {
        const answer = await send<Outcome & { from?: number; to: number }>(cli, names, 'rollback', { to })
        if (cli.json) return cli.out.json(answer)
        const from = answer.from === undefined ? '' : ` from generation ${answer.from}`
        const text =
          answer.outcome === 'unchanged'
            ? `pinned to generation ${answer.to} already`
            : `goes back${from} to ${answer.to} and is pinned: live once it is checked`
        cli.out.line(`${names.join('/')} ${text}`)
      }),
    )
  examples(
    command,
    'rollback contoso census --reason "worse on new customers"',
    'rollback contoso census --to 39 --reason "the last good one"',
  )
  const unpin = onModel(program, 'unpin', 'let the next generation go live again').action(
    run((cli, names: Names) => say(cli, names, 'unpin')),
  )
  examples(unpin, 'unpin contoso census --reason "the cause is mended"')
}

function registerCancel(program: Command, run: Run): void {
  const command = onModel(program, 'cancel', 'cancel a run: its job is told to stop; its drops stay taken')
    .argument('[generation]', 'which; without it the one under way', wholeNumber(1))
    .action(
      run(async (cli, [customer, model, given]: [string, string, number?]) => {
        const generation = given ?? (await cancellable(cli, customer, model))
        const what = `cancel generation ${generation} of ${customer}/${model}`
        const reason = await cli.askReason(what)
        const to = modelPath(customer, model, 'runs', generation, 'cancel')
        const answer = await cli.api.post<Outcome>(to, { reason })
        if (cli.json) return cli.out.json(answer)
        const text = answer.outcome === 'stopping' ? 'its job is told to stop' : 'cancelled'
        cli.out.line(`generation ${generation} of ${customer}/${model}: ${text}`)
      }),
    )
  examples(
    command,
    'cancel contoso census --reason "the wrong file"',
    'cancel contoso census 41 --reason "x"',
  )
}

/** The one in flight, else the only one that waits for an approval. */
async function cancellable(cli: Cli, customer: string, model: string): Promise<number> {
  const { inFlight, awaiting = [] } = (await cli.api.get<Shown>(modelPath(customer, model))).head
  const only = inFlight ?? (awaiting.length === 1 ? awaiting[0] : undefined)
  if (only !== undefined) return only
  const what = `Cannot cancel a run of ${customer}/${model}`
  if (awaiting.length === 0) throw new CliError(`${what}: none is under way`, exitCodes.refused)
  throw new UsageError(`${what}: several wait for an approval, ${awaiting.join(', ')}; say which`)
}

function registerRetrain(program: Command, run: Run): void {
  const command = onModel(program, 'retrain', 'train now on what waits')
    .option('--again', 'where nothing waits: once more on what was trained on before')
    .action(
      run(async (cli, names: Names, { again }: { again?: boolean }) => {
        const answer = await send<{ generation: number; after?: number }>(cli, names, 'retrain', { again })
        if (cli.json) return cli.out.json(answer)
        const after = answer.after === undefined ? '' : `, after generation ${answer.after}`
        cli.out.line(`${names.join('/')} opens generation ${answer.generation}${after}`)
      }),
    )
  examples(
    command,
    'retrain contoso census --reason "the quarter is complete"',
    'retrain contoso census --again --reason "a changed experiment"',
  )
}

function registerRelease(program: Command, run: Run): void {
  const command = onModel(program, 'release', 'end a quarantine: what waits starts').action(
    run((cli, names: Names) => say(cli, names, 'release')),
  )
  examples(command, 'release contoso census --reason "the export is mended"')
}

function onModel(program: Command, verb: string, description: string): Command {
  return program.command(verb).description(description).argument('<customer>').argument('<model>')
}

async function send<Body>(cli: Cli, [customer, model]: Names, verb: string, body?: object): Promise<Body> {
  const reason = await cli.askReason(`${verb} ${customer}/${model}`)
  return cli.api.post<Body>(modelPath(customer, model, verb), { reason, body })
}

async function say(cli: Cli, names: Names, verb: 'unpin' | 'release'): Promise<void> {
  const answer = await send<Outcome>(cli, names, verb)
  if (cli.json) return cli.out.json(answer)
  cli.out.line(`${names.join('/')} ${said[verb][answer.outcome === 'unchanged' ? 'was' : 'done']}`)
}

const said = {
  unpin: { done: 'unpinned: the next generation may go live', was: 'is not pinned' },
  release: { done: 'released: what waits starts', was: 'is not quarantined' },
}
