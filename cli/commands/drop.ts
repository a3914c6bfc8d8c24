import type { Command } from 'commander'
import { type Cli, examples, type Run } from '../cli.ts'
import { checkFile, checkNames, type DropFile } from '../drop/checkFile.ts'
import { followDrop } from '../drop/followDrop.ts'
import type { Upload } from '../drop/uploadFile.ts'
import { type ExitCode, exitCodes, UsageError } from '../errors.ts'
import { modelPath } from '../modelPath.ts'
import { statePart } from '../output/state.ts'

type Options = { name?: string; wait?: boolean }
type Model = { customer: string; model: string }
type Dropped = { name: string; sizeBytes: number }

/** `retrain drop`: new training data of a model, uploaded straight to storage. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('drop')
    .description('drop files as a model’s new training data: they start a run')
    .argument('<customer>')
    .argument('<model>')
    .argument('<file...>', 'CSV files, of any size')
    .option('--name <name>', 'the name of the one file in storage (else its own)')
    .option(
      '--wait',
      'follow the run to its end; exit code 0 only if the model is live, or waits for approval',
    )
    .action(
      run((cli, [customer, model, files]: [string, string, string[]], options: Options) =>
        drop(cli, { customer, model }, files, options),
      ),
    )
  examples(
    command,
    'drop southwest birdstrikes samples/southwest-next.csv',
    'drop contoso census march.csv april.csv --wait',
    'drop contoso census /tmp/export.csv --name march.csv --json',
  )
}

/** Uploads files as a model's new training data and, where that is asked for, follows each to its end. */
export async function drop(cli: Cli, model: Model, names: string[], options: Options): Promise<ExitCode> {
  if (options.name !== undefined && names.length > 1) {
    throw new UsageError(`Cannot drop ${names.length} files under one name: --name is for one file`)
  }
  const files = names.map((name) => checkFile(name, options.name))
  for (const { name } of files) checkNames(model.customer, model.model, name)
  const dropped: Dropped[] = []
  for (const file of files) {
    const sent = await send(cli, model, file)
    cli.out.line(`dropped ${file.path} (${file.sizeBytes} bytes) as training-data/${sent.name}`)
    dropped.push(sent)
  }
  if (options.wait === true) return waitForAll(cli, model, dropped)
  if (cli.json) for (const { name, sizeBytes } of dropped) cli.out.json(jsonOf(model, name, sizeBytes))
  return exitCodes.ok
}

async function send(cli: Cli, { customer, model }: Model, file: DropFile): Promise<Dropped> {
  const to = modelPath(customer, model, 'drops')
  const offer = (body: object) => cli.api.post<Upload>(to, { body, signal: cli.signal })
  const upload = await offer({ file: file.name })
  const { uploadFile } = await import('../drop/uploadFile.ts')
  const progress = cli.progress(file.sizeBytes, file.name)
  try {
    await uploadFile({ ...cli, renew: (name) => offer({ name }), sent: progress.step }, file, upload)
  } finally {
    progress.stop()
  }
  return { name: upload.name, sizeBytes: file.sizeBytes }
}

/** Follows each drop to its end: one of them that did not go well makes the exit code 1. */
async function waitForAll(cli: Cli, model: Model, dropped: readonly Dropped[]): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok
  const told = new Set<string>()
  for (const { name, sizeBytes } of dropped) {
    const tell = (line: string) => {
      if (!told.has(line)) cli.out.line(line)
      told.add(line)
    }
    const end = await followDrop(cli, { ...model, name, tell })
    const state = end.kind === 'run' ? end.run.state : end.state
    const reason = end.kind === 'run' ? end.run.reason : end.reason
    const generation = end.kind === 'run' ? end.run.generation : undefined
    if (cli.json) cli.out.json({ ...jsonOf(model, name, sizeBytes), generation, state, reason })
    else
      cli.out.line(
        `${model.customer}/${model.model}${generation === undefined ? '' : ` ${generation}`} is `,
        statePart(state),
        why(reason),
      )
    if (!well.has(state)) exitCode = exitCodes.failed
  }
  return exitCode
}

const well: ReadonlySet<string> = new Set(['live', 'awaitingApproval'])
const why = (reason: string | undefined) => (reason === undefined ? '' : `: ${reason.split('\n', 1)[0]}`)

function jsonOf({ customer, model }: Model, name: string, sizeBytes: number) {
  return { customer, model, blob: `training-data/${name}`, sizeBytes }
}
