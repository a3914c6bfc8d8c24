import type { Command } from 'commander'
import { ApiError } from '../apiErrors.ts'
import { type Cli, examples, type Run } from '../cli.ts'
import { CliError, type ExitCode, exitCodes } from '../errors.ts'
import type { Part } from '../output/text.ts'

type Check = { name: string; status: string; value: string; remedy?: string }
type Health = { status: string; checks: Check[] }

/** `retrain doctor`: every check of the app with its remedy; also says what it can when the app is down. */
export function register(program: Command, run: Run): void {
  const command = program
    .command('doctor')
    .description(
      'look at everything that may be wrong, each with its remedy; exit code 1 when something is broken',
    )
    .option('--all', 'also what is fine')
    .action(run((cli, _none: [], options: { all?: boolean }) => doctor(cli, options.all === true)))
  examples(command, 'doctor', 'doctor --all', 'doctor --json | jq \'.checks[] | select(.status != "ok")\'')
}

async function doctor(cli: Cli, all: boolean): Promise<ExitCode> {
  const health = await examine(cli)
  if (cli.json) cli.out.json(health)
  else print(cli, health, all)
  return health.status === 'broken' ? exitCodes.failed : exitCodes.ok
}

/** The app's own checks; where it does not answer, what that says. */
async function examine(cli: Cli): Promise<Health> {
  try {
    const health = await cli.api.get<Health>('health', { query: { deep: true, always: true } })
    return { ...health, checks: [{ name: 'app', status: 'ok', value: 'it answers' }, ...health.checks] }
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    const check = { name: 'app', status: 'broken', value: error.message, remedy: remedyOf(error, cli.env) }
    return { status: 'broken', checks: [check] }
  }
}

/** What to do about an app that does not answer. Pure. */
export function remedyOf(error: CliError, env: Cli['env']): string {
  if (error instanceof ApiError) {
    if (error.status === 401 || error.status === 403) {
      return 'give the function key with --key or RETRAIN_KEY: az functionapp keys list shows it'
    }
    if (error.code === 'not-ready')
      return 'read the app’s log: it names the settings that are wrong, or storage'
    if (error.status === 404)
      return 'see that RETRAIN_URL is the app’s own address, and that its version has /api/health'
    return 'read the app’s log, and see in the portal whether it runs'
  }
  return (env.RETRAIN_URL ?? '') === ''
    ? 'start the local stack with npm start, or name an app with --url or RETRAIN_URL'
    : 'see that the app runs and that RETRAIN_URL is its address; a firewall or proxy may be between'
}

const colours = { ok: 'good', degraded: 'warn', broken: 'bad' } as const

function print(cli: Cli, { status, checks }: Health, all: boolean): void {
  const shown = all ? checks : checks.filter((check) => check.status !== 'ok')
  const cells = shown.map((check): Part[] => [
    statusPart(check.status),
    check.name,
    check.value,
    check.remedy ?? '',
  ])
  if (cells.length > 0) cli.out.table(['status', 'check', 'found', 'remedy'], cells)
  const fine = checks.filter((check) => check.status === 'ok').length
  cli.out.line(statusPart(status), `: ${fine} of ${checks.length} checks are fine`)
}

function statusPart(status: string): Part {
  const colour = status in colours ? colours[status as keyof typeof colours] : undefined
  return colour === undefined ? status : { text: status, colour }
}
