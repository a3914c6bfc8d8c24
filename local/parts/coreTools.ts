import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lastWords } from '../process/child.ts'

/** What came of asking a program for its version. */
export type VersionAnswer = { kind: 'answered'; text: string } | { kind: 'failed'; reason: string }

const versionMs = 20_000
const readyMs = 120_000

/** Says why these Core Tools can't be used; `undefined` when they can: version 4 and it really runs. Pure. */
export function coreToolsProblem(answer: VersionAnswer): string | undefined {
  const advice = 'install them with npm install -g azure-functions-core-tools@4, or leave --host out'
  if (answer.kind === 'failed') {
    return `Cannot use --host func: Azure Functions Core Tools do not run here (${answer.reason}); ${advice}`
  }
  if (/^4\./.test(answer.text)) return undefined
  return `Cannot use --host func: Azure Functions Core Tools 4 are needed, func says ${answer.text.slice(0, 40)}; ${advice}`
}

/** The `func` of node_modules, else the one on the path. It is started only when it was asked for. */
export function findFunc(root: string): string {
  const packaged = join(root, 'node_modules', '.bin', 'func')
  return existsSync(packaged) ? packaged : 'func'
}

/** Asks `func --version`, with a time limit: a wrapper without its program would wait or fail. */
export function askVersion(func: string): VersionAnswer {
  const asked = spawnSync(func, ['--version'], { encoding: 'utf8', timeout: versionMs })
  if (asked.error !== undefined) {
    const isMissing = (asked.error as NodeJS.ErrnoException).code === 'ENOENT'
    return { kind: 'failed', reason: isMissing ? 'there is no func' : asked.error.message }
  }
  const text = asked.stdout.trim()
  if (asked.status === 0 && text !== '') return { kind: 'answered', text }
  const said = (asked.stderr.trim() || text).split('\n')[0] ?? ''
  return { kind: 'failed', reason: `${asked.signal ?? `code ${asked.status}`}: ${said.slice(0, 200)}` }
}

/** How the Core Tools are started. */
export type CoreToolsOptions = {
  root: string
  port: number
  env: Readonly<Record<string, string>>
  logFile: string
  onSpawn(child: ChildProcess): void
}

/** Throws one line that says what to install unless version 4 of the Core Tools is there and really runs. */
export function requireCoreTools(root: string): void {
  const problem = coreToolsProblem(askVersion(findFunc(root)))
  if (problem !== undefined) throw new Error(problem)
}

/** Starts `func start` over the built bundle and waits until its port answers. */
export async function startCoreTools(options: CoreToolsOptions): Promise<{ url: string }> {
  const func = findFunc(options.root)
  const log = openSync(options.logFile, 'a', 0o600)
  const child = spawn(func, ['start', '--port', String(options.port), '--script-root', options.root], {
    cwd: options.root,
    stdio: ['ignore', log, log],
    detached: true,
    env: { ...process.env, ...options.env },
  })
  closeSync(log)
  options.onSpawn(child)
  const url = `http://127.0.0.1:${options.port}`
  for (let waitedMs = 0; waitedMs < readyMs; waitedMs += 250) {
    if (child.exitCode !== null || child.signalCode !== null) break
    if (await answers(url)) return { url }
    await delay(250)
  }
  throw new Error(`Cannot start func: its port does not answer${lastWords(options.logFile)}`)
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(2_000) })
    return true
  } catch {
    // Not listening yet.
    return false
  }
}
