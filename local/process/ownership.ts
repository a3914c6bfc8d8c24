import { setTimeout as delay } from 'node:timers/promises'
import { isRunning, launchersOf, markOf, type ProcessMark, readProcess } from './processTable.ts'
import { createStackFile, judgeStack, readStackFile, removeStackFile, type StackFile } from './stackFile.ts'

/** Another stack of this folder runs: this one must not touch its data. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
}

const gracefulStopMs = 30_000
const forcedStopMs = 10_000

/**
 * Makes this process the owner of the data folder: stops what an earlier stack left behind (of its own marks only) and
 * writes the stack file. Throws {@link AlreadyRunning} while an earlier one runs.
 */
export async function ownFolder(folder: string, print: (line: string) => void): Promise<StackFile> {
  const own: StackFile = { version: 1, stack: markOf(process.pid), launchers: launcherMarks(), parts: [] }
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (createStackFile(folder, own)) return own
    const left = readStackFile(folder)
    const verdict = judgeStack(left, readProcess)
    if (verdict.kind === 'running') throw alreadyRunning(folder, verdict.pid)
    if (verdict.kind === 'orphans') await stopOrphans(verdict, print)
    // Nobody else may have taken the folder meanwhile: only the file that was judged is removed.
    if (readStackFile(folder)?.stack.startedAt === left?.stack.startedAt) removeStackFile(folder)
  }
  throw new Error(`Cannot start: another start takes ${folder} at the same time`)
}

function alreadyRunning(folder: string, pid: number): AlreadyRunning {
  return new AlreadyRunning(
    `Cannot start: the local stack of ${folder} already runs (process ${pid}); stop it with Ctrl-C or: kill ${pid}`,
  )
}

/** What started this process, when bin/run.js did: it passes its id as `RETRAIN_LAUNCHER`. */
export function launcherMarks(): ProcessMark[] {
  const pid = Number(process.env.RETRAIN_LAUNCHER)
  return Number.isInteger(pid) && pid > 0 ? launchersOf(pid) : []
}

async function stopOrphans(
  orphans: { stack?: ProcessMark; parts: (ProcessMark & { name: string })[] },
  print: (line: string) => void,
): Promise<void> {
  if (orphans.stack !== undefined) {
    print(`stopping the stack that was left behind (process ${orphans.stack.pid})`)
    await endProcess(orphans.stack, { isForced: true })
  }
  for (const part of orphans.parts) {
    if (!isRunning(part)) continue
    print(`stopping ${part.name} of an earlier start (process ${part.pid})`)
    await endProcess(part, { isForced: part.name !== 'storage' })
  }
}

/**
 * Ends a process: SIGTERM, then waits `graceMs` (30 s). A forced end goes on with SIGKILL; storage is never forced, as
 * it would lose acknowledged writes: then it throws.
 */
export async function endProcess(
  mark: ProcessMark,
  { isForced, graceMs = gracefulStopMs }: { isForced: boolean; graceMs?: number },
): Promise<void> {
  signal(mark, 'SIGTERM')
  if (await ended(mark, graceMs)) return
  if (isForced) signal(mark, 'SIGKILL')
  if (isForced && (await ended(mark, forcedStopMs))) return
  throw new Error(`Cannot stop process ${mark.pid}: it does not end; stop it by hand, then start again`)
}

function signal(mark: ProcessMark, name: NodeJS.Signals): void {
  if (!isRunning(mark)) return
  try {
    process.kill(mark.pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function ended(mark: ProcessMark, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 50) {
    if (!isRunning(mark)) return true
    await delay(50)
  }
  return !isRunning(mark)
}
