import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { path } from '../apiClient.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { UsageError } from '../errors.ts'
import { fleetText, importFleet, type ListedEndpoint } from '../fleet/importFleet.ts'
import { type Present, readPresent, servicesOf } from '../fleet/planFleet.ts'

type Options = { service: string; trainingService?: string; model?: string; out?: string }

/** `retrain import`: a fleet file of the endpoints that are there already. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('import')
    .description(
      'write a fleet file of the endpoints that a predictive web service has; retrain apply takes them over',
    )
    .requiredOption('--service <name>', 'the predictive web service')
    .option('--training-service <name>', 'what trains their models (else the only one)')
    .option('--model <name>', 'what their model is called (else made of the service’s name)')
    .option('--out <file>', 'write it there (else to standard output)')
    .action(run((cli, _args: [], options: Options) => importService(cli, options)))
  examples(
    command,
    'import --service "Census Model [predictive exp.]" --out fleet.yaml',
    'import --service census --model income --training-service "census training" > fleet.yaml',
  )
}

async function importService(cli: Cli, options: Options): Promise<void> {
  const endpoints: ListedEndpoint[] = []
  const list = path('services', 'predictive', options.service, 'endpoints')
  for await (const endpoint of cli.api.pages<ListedEndpoint>(list, { limit: 500 })) endpoints.push(endpoint)
  const present = await readPresent(cli.api)
  const imported = importFleet({
    predictiveService: options.service,
    trainingService: options.trainingService ?? onlyTraining(present),
    model: options.model ?? modelName(options.service),
    endpoints,
    models: present.models,
    services: servicesOf(present),
  })
  for (const { name, reason } of imported.left) cli.out.note(`left out ${name}: ${reason}`)
  const note = ` Endpoints of ${options.service}; retrain apply takes them over as they are`
  const text = fleetText(imported.fleet, note)
  if (options.out !== undefined) {
    write(options.out, cli.json ? `${JSON.stringify(imported.fleet)}\n` : text)
    cli.out.note(`${imported.taken} endpoints are in ${options.out}`)
  } else if (cli.json) cli.out.json(imported.fleet)
  else for (const line of text.trimEnd().split('\n')) cli.out.line(line)
}

function onlyTraining({ training }: Present): string {
  const [only, ...others] = training.map(({ name }) => name)
  if (only !== undefined && others.length === 0) return only
  const there = only === undefined ? 'there is none' : `there are ${[only, ...others].join(', ')}`
  throw new UsageError(`Cannot import: name the training web service (--training-service); ${there}`)
}

/** `Bird Strikes [predictive exp.]` is `bird-strikes`. */
function modelName(service: string): string {
  const words = service.replace(/\[.*?\]/g, '').toLowerCase()
  return (
    words
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63) || 'model'
  )
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const reason = code === 'EEXIST' ? 'there is such a file already' : code
    throw new UsageError(`Cannot write ${file}: ${reason}`, { cause: error })
  }
}
