import type { Command } from 'commander'
import { path } from '../apiClient.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { checkFile, checkNames, type DropFile } from '../drop/checkFile.ts'
import type { Upload } from '../drop/uploadFile.ts'
import { UsageError } from '../errors.ts'

type Options = { name?: string; wait?: boolean }
type Model = { customer: string; model: string }

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

async function drop(cli: Cli, model: Model, names: string[], options: Options): Promise<void> {
  if (options.name !== undefined && names.length > 1) {
    throw new UsageError(`Cannot drop ${names.length} files under one name: --name is for one file`)
  }
  const files = names.map((name) => checkFile(name, options.name))
  for (const { name } of files) checkNames(model.customer, model.model, name)
  for (const file of files) await send(cli, model, file)
}

async function send(cli: Cli, { customer, model }: Model, file: DropFile): Promise<void> {
  const to = path('customers', customer, 'models', model, 'drops')
  const offer = (body: object) => cli.api.post<Upload>(to, { body, signal: cli.signal })
  const upload = await offer({ file: file.name })
  const { uploadFile } = await import('../drop/uploadFile.ts')
  const progress = cli.progress(file.sizeBytes, file.name)
  const ports = { ...cli, renew: (name: string) => offer({ name }), sent: progress.step }
  try {
    await uploadFile(ports, file, upload)
  } finally {
    progress.stop()
  }
  const blob = `training-data/${upload.name}`
  if (cli.json) cli.out.json({ customer, model, blob, sizeBytes: file.sizeBytes })
  else cli.out.line(`dropped ${file.path} (${file.sizeBytes} bytes) as ${blob}`)
}
