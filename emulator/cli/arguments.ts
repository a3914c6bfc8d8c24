import { readdir, readFile, stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { decodeSeed } from '../definitions/seed.ts'
import { builtInExperiments, type EmulatorOptions, megabyte } from '../options.ts'

/** The user's mistake in the arguments: its one line is shown, and the exit code is 2. */
export class WrongArguments extends Error {
  override readonly name = 'WrongArguments'
}

/** Where the emulator listens unless told otherwise, and where its state lies. */
export const defaultPort = 8150
const defaultDataFolder = '.local/emulator'

/** What `npm run emulator --` prints for `--help`. */
export const usage = `npm run emulator -- [options]
  --port N              port to listen on (default ${defaultPort}, or a free one where that is taken)
  --host ADDRESS        address to listen on (default 127.0.0.1)
  --data PATH           folder of the emulator's state (default ${defaultDataFolder}); may be given again: a CSV file, or a
                        folder of CSV files, is where the data sets that experiments name are looked for
  --experiments DIR     folder of experiment files, beside the ones that come with the emulator
  --seed FILE           workspaces, web services and endpoints with given ids, tokens and keys
  --storage CONNECTION  storage for the jobs' outputs (default: an Azurite of its own)
  --patch-delay SECONDS from a PATCH to the new model's first answer (default 30)
  --max-endpoints N     endpoints of a web service, the default one counted (default 10000; 3 in a free workspace)
  --job-retention HOURS how long jobs are known after their end (default 24)
  --max-input-mb N      largest input of a job, in MiB (default 1024)
  --workers N           worker threads for jobs (default one less than there are cores)
  --admin               answer /admin (jobs, faults, clock); on loopback only
  --json                print what is served as one line of JSON when ready
`

/** What the command line asks for. */
export type CommandLine = { options: EmulatorOptions; json: boolean; help: boolean; portIsGiven: boolean }

const flags = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string', multiple: true },
  experiments: { type: 'string', multiple: true },
  seed: { type: 'string' },
  storage: { type: 'string' },
  'patch-delay': { type: 'string' },
  workers: { type: 'string' },
  'max-endpoints': { type: 'string' },
  'job-retention': { type: 'string' },
  'max-input-mb': { type: 'string' },
  admin: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** Reads the arguments; throws with one line that says what is wrong. */
export async function readCommandLine(args: string[]): Promise<CommandLine> {
  const values = parseFlags(args)
  const { dataFolder, dataPlaces } = await sortDataPaths(values.data ?? [])
  const { seed, storage, host } = values
  const patchDelay = numberOf(values['patch-delay'], '--patch-delay')
  const workers = numberOf(values.workers, '--workers')
  const options: EmulatorOptions = {
    dataFolder,
    dataPlaces,
    port: numberOf(values.port, '--port') ?? defaultPort,
    experiments: [builtInExperiments, ...(values.experiments ?? [])],
    admin: values.admin ?? false,
    ...(host === undefined ? {} : { host }),
    ...(storage === undefined ? {} : { storage }),
    ...(patchDelay === undefined ? {} : { patchDelaySeconds: patchDelay }),
    ...(workers === undefined ? {} : { workers: Math.max(1, workers) }),
    ...(seed === undefined ? {} : { seed: await readSeed(seed) }),
    ...limitsOf(values),
  }
  const { json = false, help = false, port } = values
  return { options, json, help, portIsGiven: port !== undefined }
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({ args, options: flags, strict: true }).values
  } catch (error) {
    // `Unknown option '--fly'. To specify a positional argument ...`: the first sentence says it.
    const reason = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error)
    throw new WrongArguments(`Cannot start emulator: ${reason} (see npm run emulator -- --help)`, {
      cause: error,
    })
  }
}

type Limit = 'max-endpoints' | 'job-retention' | 'max-input-mb'

function limitsOf(values: { [flag in Limit]?: string | undefined }): Partial<EmulatorOptions> {
  const limit = (flag: Limit) => numberOf(values[flag], `--${flag}`)
  const maxEndpointsPerService = limit('max-endpoints')
  const jobRetentionHours = limit('job-retention')
  const maxInputMegabytes = limit('max-input-mb')
  return {
    ...(maxInputMegabytes === undefined ? {} : { maxInputBytes: Math.floor(maxInputMegabytes * megabyte) }),
    ...(maxEndpointsPerService === undefined ? {} : { maxEndpointsPerService }),
    ...(jobRetentionHours === undefined ? {} : { jobRetentionHours }),
  }
}

/** Tells the state's folder from places of data sets: a CSV file, or a folder that holds CSV files. */
export async function sortDataPaths(
  paths: readonly string[],
): Promise<{ dataFolder: string; dataPlaces: string[] }> {
  const dataPlaces: string[] = []
  const folders: string[] = []
  for (const path of paths) ((await isDataPlace(path)) ? dataPlaces : folders).push(path)
  if (folders.length > 1) {
    throw new WrongArguments(
      `Cannot use --data ${folders[1]}: it holds no CSV, and ${folders[0]} is the state's folder already`,
    )
  }
  return { dataFolder: folders[0] ?? defaultDataFolder, dataPlaces }
}

async function isDataPlace(path: string): Promise<boolean> {
  if (path.endsWith('.csv')) return true
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || !found.isDirectory()) return false
  return (await readdir(path)).some((name) => name.endsWith('.csv'))
}

async function readSeed(file: string) {
  try {
    return decodeSeed(JSON.parse(await readFile(file, 'utf8')), file)
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Cannot read seed')) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new WrongArguments(`Cannot read seed ${file}: ${reason}`, { cause: error })
  }
}

function numberOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) {
    throw new WrongArguments(`Cannot use ${flag} ${text}: a number from 0 is needed`)
  }
  return number
}
