import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning, type ProcessMark, type ReadProcess } from './processTable.ts'

/** What the stack runs as processes of its own, in the order of their start. */
export type PartName = 'storage' | 'emulator' | 'functions'

/** A part that was started: its command line names `folder`, so that another checkout's is never taken for ours. */
export type PartMark = ProcessMark & { name: PartName; folder: string }

/** `.local/stack.json`, readable by its owner only: what runs, for the next start and for `retrain`. */
export type StackFile = {
  version: 1
  stack: ProcessMark
  /** What started the stack (npm, the launcher): when one of them is gone, the stack was left behind. */
  launchers: ProcessMark[]
  parts: PartMark[]
  urls?: { functions: string; emulator: string; storage: string }
  connectionString?: string
  /** The master key of the Functions host, where it asks for keys. */
  functionsKey?: string
}

/** What a stack file says of now. */
export type StackVerdict =
  | { kind: 'none' }
  | { kind: 'running'; pid: number }
  /** Left over, to be stopped in this order. */
  | { kind: 'orphans'; stack?: ProcessMark; parts: PartMark[] }

/** Whether the stack of a file still runs, or which of its processes were left over. Pure but for `read`. */
export function judgeStack(file: StackFile | undefined, read: ReadProcess): StackVerdict {
  if (file === undefined) return { kind: 'none' }
  const isStackRunning = isRunning(file.stack, read)
  if (isStackRunning && file.launchers.every((launcher) => isRunning(launcher, read))) {
    return { kind: 'running', pid: file.stack.pid }
  }
  const parts = file.parts
    .filter((part) => isRunning(part, read) && read(part.pid)?.command.includes(part.folder))
    .reverse()
  if (!isStackRunning && parts.length === 0) return { kind: 'none' }
  return { kind: 'orphans', ...(isStackRunning && { stack: file.stack }), parts }
}

const fileName = 'stack.json'

/** The stack file of a folder; `undefined` when it is missing or damaged. */
export function readStackFile(folder: string): StackFile | undefined {
  try {
    const file: unknown = JSON.parse(readFileSync(join(folder, fileName), 'utf8'))
    return isStackFile(file) ? file : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isStackFile(file: unknown): file is StackFile {
  return typeof file === 'object' && file !== null && 'version' in file && file.version === 1
}

/** Creates the stack file: `false` when there is one already. */
export function createStackFile(folder: string, file: StackFile): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(join(folder, fileName), text(file), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Writes the stack file anew; a reader sees the old one or the new one, never half of it. */
export function writeStackFile(folder: string, file: StackFile): void {
  const fresh = join(folder, `${fileName}.${process.pid}`)
  writeFileSync(fresh, text(file), { mode: 0o600 })
  renameSync(fresh, join(folder, fileName))
}

/** Removes the stack file, at the end of a stack. */
export function removeStackFile(folder: string): void {
  rmSync(join(folder, fileName), { force: true })
}

function text(file: StackFile): string {
  return `${JSON.stringify(file, null, 2)}\n`
}
