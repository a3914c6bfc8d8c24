import { dirname } from 'node:path'
import { startLocalGateway } from './gateway.ts'
import { parseStartOptions, type StartOptions, startUsage, WrongArguments } from './options.ts'
import { AlreadyRunning, launcherMarks } from './process/ownership.ts'
import { isRunning } from './process/processTable.ts'
import { createRoundPorts } from './round/roundPorts.ts'
import { runRound } from './round/runRound.ts'
import { watchRuns } from './round/watchRuns.ts'
import { type Stack, startStack } from './stack.ts'
import { renderReport, toJson } from './view/report.ts'
import { createScreen, type Screen, silentScreen } from './view/screen.ts'

const root = dirname(import.meta.dirname)

/** `npm start`: the whole stack, the main job before the user's eyes, then serving until Ctrl-C. */
async function main(): Promise<number> {
  const options = parseStartOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(startUsage)
    return 0
  }
  const screen = options.quiet ? silentScreen : createScreen(options.json ? process.stderr : process.stdout)
  const stopped = stopSignal()
  const stack = await startStack({ root, ...options, print: screen.print })
  try {
    const isOk =
      options.empty || (await Promise.race([round(stack, screen, options), stopped, throwWhenFailed(stack)]))
    if (isOk === undefined) throw new Error('Cannot finish the round: the stack was told to stop')
    if (options.once) return isOk ? 0 : 1
    const gateway = await startLocalGateway(stack, options.gatewayPort, screen.print)
    try {
      const { lines } = gateway
      return await serve(stack, screen, { stopped, lines: servingLines(stack, lines, options.empty) })
    } finally {
      await gateway.stop()
    }
  } finally {
    screen.settle()
    screen.print('stopping: the gateway, the Functions host, the emulator, then storage')
    screen.close()
    await stack.stop()
  }
}

/** Throws when a part has ended by itself, or at an error nobody caught: the parts are stopped then, too. */
async function throwWhenFailed(stack: Stack): Promise<never> {
  const crashed = new Promise<never>((_, reject) => process.once('uncaughtException', reject))
  throw new Error(await Promise.race([stack.failed, crashed]))
}

/** Runs the round and reports it; answers whether every endpoint is live with its new model. */
async function round(stack: Stack, screen: Screen, options: StartOptions): Promise<boolean> {
  const rows = await runRound(createRoundPorts(stack, screen))
  const result = toJson(stack.urls, rows)
  if (options.quiet && !options.json) for (const line of renderReport(rows)) console.log(line)
  else for (const line of renderReport(rows)) screen.print(line)
  if (options.json) console.log(JSON.stringify(result))
  return result.ok
}

/** Serves until a signal, and shows further retrainings. Throws when a part has ended by itself. */
async function serve(
  stack: Stack,
  screen: Screen,
  { stopped, lines }: { stopped: Promise<void>; lines: readonly string[] },
): Promise<number> {
  for (const line of lines) screen.print(line)
  const controller = new AbortController()
  const watching = watchRuns(
    {
      ...createRoundPorts(stack, screen),
      ...stack.storage.tables,
      readUnclaimed: stack.storage.readUnclaimed,
    },
    controller.signal,
  )
  await Promise.race([stopped, throwWhenFailed(stack), watching])
  controller.abort()
  return 0
}

const next = {
  sample: [
    'Drop more training data, in another terminal:',
    '',
    '  npm run retrain -- drop southwest birdstrikes samples/southwest-next.csv --wait',
    '  npm run retrain -- status',
  ],
  empty: [
    'Add customers to .local/fleet.yaml, in another terminal (docs/operating.md):',
    '',
    '  npm run retrain -- apply .local/fleet.yaml',
    '  npm run retrain -- watch',
  ],
}

function servingLines({ urls }: Stack, gatewayLines: readonly string[], isEmpty: boolean): string[] {
  const [first = '', ...others] = isEmpty ? next.empty : next.sample
  return [
    '',
    `  Functions   ${urls.functions}`,
    `  emulator    ${urls.emulator}`,
    `  storage     ${urls.storage}`,
    ...gatewayLines,
    '',
    `Serving until Ctrl-C. ${first}`,
    ...others,
    '',
  ]
}

/**
 * Settles at the first Ctrl-C, SIGTERM or SIGHUP, and when npm or the launcher was killed; further signals are ignored,
 * as the stack is stopping already.
 */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve())
  const launchers = launcherMarks()
  setInterval(() => launchers.every((launcher) => isRunning(launcher)) || resolve(), 1_000).unref()
  return promise
}

// A reader that went away (a closed terminal, a pipe to head) must not end the stack before its parts are stopped.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {})

/** What is under way when the stack stops (a round, a look at the rows) is not waited for. */
try {
  process.exit(await main())
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${reason}\n`)
  if (process.argv.includes('--json'))
    console.log(JSON.stringify({ ok: false, error: reason, endpoints: [] }))
  process.exit(error instanceof AlreadyRunning ? 3 : error instanceof WrongArguments ? 2 : 1)
}
