import { hostname, userInfo } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { type Command, CommanderError } from 'commander'
import { createApiClient } from './apiClient.ts'
import { askReason } from './askReason.ts'
import type { Body, Cli, Run, Terminal } from './cli.ts'
import { CliError, exitCodes, UsageError } from './errors.ts'
import { describeCommandLine, type GlobalOptions } from './globalOptions.ts'
import { createOutput, type Stream } from './output/output.ts'
import { startProgress } from './output/progress.ts'
import { harmless } from './output/text.ts'
import { createProgram, toUsageError } from './program.ts'
import { findTarget, stackFolder } from './target.ts'

/** The process `retrain` runs in, or a test's. */
export type World = {
  stdout: Stream & { rows?: number | undefined }
  stderr: Stream
  stdin?: (NodeJS.ReadableStream & { isTTY?: boolean }) | undefined
  env: Readonly<Record<string, string | undefined>>
  /** The project's folder. */
  root: string
  signal: AbortSignal
  now(): number
  /** Lets some time pass; rejects when `signal` is aborted. */
  pause(ms: number): Promise<void>
}

const requestTimeoutMs = 100_000

/** Runs one command line; answers the exit code. Every failure is one line on stderr. */
export async function runCli(args: readonly string[], world: World): Promise<number> {
  let exitCode: number = exitCodes.ok
  const run: Run =
    <Args extends unknown[], Options>(body: Body<Args, Options>) =>
    async (...given: unknown[]) => {
      // Commander gives the arguments, the options, and the command itself.
      const [options, command] = given.slice(-2) as [Options, Command]
      const cli = createCli(command.optsWithGlobals<GlobalOptions>(), args, world)
      exitCode = (await body(cli, given.slice(0, -2) as Args, options)) ?? exitCodes.ok
    }
  const program = createProgram(run, {
    writeOut: (text) => world.stdout.write(text),
    columns: world.stdout.columns,
  })
  try {
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    return fail(error, world)
  }
}

function fail(error: unknown, world: World): number {
  const failure = error instanceof CommanderError ? toUsageError(error) : error
  if (failure === undefined) return exitCodes.ok
  if (world.signal.aborted) return interrupted
  const message = failure instanceof Error ? failure.message : String(failure)
  world.stderr.write(`${harmless(message.replaceAll(/\s+/g, ' '))}\n`)
  return failure instanceof CliError ? failure.exitCode : exitCodes.failed
}

/** 128 + SIGINT. */
const interrupted = 130

function createCli(options: GlobalOptions, args: readonly string[], world: World): Cli {
  const { env, signal, now, pause, stdout } = world
  const json = options.json === true
  const noColour = (env.NO_COLOR ?? '') !== ''
  const folder = stackFolder(world.root, env)
  const target = { url: options.url, key: options.key, env, folder }
  let found: ReturnType<typeof findTarget> | undefined
  return {
    api: createApiClient({
      target: () => (found ??= findTarget(target)),
      caller: options.by ?? ownName(env),
      reason: options.reason ?? describeCommandLine(args),
      timeoutMs: requestTimeoutMs,
      signal,
    }),
    json,
    out: createOutput({ ...world, json, noColour }),
    progress: (total, label) => startProgress(world.stderr, total, label),
    confirm: (question) => (options.yes === true ? Promise.resolve() : confirm(world, question)),
    requireReason(what) {
      if (options.reason !== undefined && options.reason.trim() !== '') return options.reason
      throw new UsageError(`Cannot ${what}: it needs a reason: --reason TEXT`)
    },
    askReason: (what) => askReason(world, options.reason, what),
    signal,
    now,
    pause,
    terminal: stdout.isTTY === true && !json ? terminalOf(stdout, !noColour) : undefined,
    env,
    stackFolder: folder,
  }
}

function terminalOf(stdout: World['stdout'], isColoured: boolean): Terminal {
  return {
    isColoured,
    isTTY: true,
    get columns() {
      return stdout.columns
    },
    get rows() {
      return stdout.rows
    },
    write: (text) => stdout.write(text),
  }
}

function ownName(env: World['env']): string {
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    // A user id without an entry in the system's list, as in containers.
    return env.USER ?? 'unnamed'
  }
}

async function confirm({ stdin, stderr, signal }: World, question: string): Promise<void> {
  if (stdin?.isTTY !== true) {
    throw new UsageError(`Cannot ask "${question}?" without a terminal: --yes answers it`)
  }
  const lines = createInterface({ input: stdin, output: stderr as NodeJS.WritableStream })
  try {
    const answer = await lines.question(`${harmless(question)}? [y/N] `, { signal })
    if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('Cannot go on: you said no', exitCodes.refused)
  } finally {
    lines.close()
  }
}
