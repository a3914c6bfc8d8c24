import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { endProcess, ownFolder } from '../../../local/process/ownership.ts'
import { isRunning, markOf } from '../../../local/process/processTable.ts'
import { createStackFile, type PartMark, readStackFile } from '../../../local/process/stackFile.ts'
import { temporaryFolder } from '../../setup/temporaryFolder.ts'

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
})

/** A process that ends at SIGTERM (or not), with `word` in its command line. */
async function spawnSleeper(word: string, ignoresSigterm = false): Promise<number> {
  const code = `${ignoresSigterm ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000); console.log('up')`
  const child = spawn(process.execPath, ['-e', code, word], { stdio: ['ignore', 'pipe', 'ignore'] })
  started.push(child)
  if (child.stdout !== null) await once(child.stdout, 'data')
  return child.pid ?? 0
}

const dead = { pid: 999_999_999, startedAt: 'long ago' }
const freshFolder = () => join(temporaryFolder('retrain-own'), '.local')

test('what a killed stack left behind is stopped before the folder is taken; other processes are left alone', async () => {
  const folder = freshFolder()
  const own = markOf(await spawnSleeper(folder))
  const other = markOf(await spawnSleeper('elsewhere'))
  const parts: PartMark[] = [
    { name: 'storage', folder, ...own },
    { name: 'functions', folder, ...other },
  ]
  createStackFile(folder, { version: 1, stack: dead, launchers: [], parts })
  const lines: string[] = []
  const file = await ownFolder(folder, (line) => lines.push(line))
  expect(isRunning(own)).toBe(false)
  expect(isRunning(other)).toBe(true)
  expect(lines).toEqual([`stopping storage of an earlier start (process ${own.pid})`])
  expect(readStackFile(folder)).toEqual(file)
  expect(file.stack.pid).toBe(process.pid)
})

test('a folder whose stack runs is refused in one line that names its process', async () => {
  const folder = freshFolder()
  await ownFolder(folder, () => {})
  await expect(ownFolder(folder, () => {})).rejects.toThrow(
    `already runs (process ${process.pid}); stop it with Ctrl-C or: kill ${process.pid}`,
  )
})

test('a stack whose launcher was killed is told to stop itself first', async () => {
  const folder = freshFolder()
  const stack = markOf(await spawnSleeper(folder))
  createStackFile(folder, { version: 1, stack, launchers: [dead], parts: [] })
  const lines: string[] = []
  await ownFolder(folder, (line) => lines.push(line))
  expect(isRunning(stack)).toBe(false)
  expect(lines).toEqual([`stopping the stack that was left behind (process ${stack.pid})`])
})

test('a process that ignores SIGTERM is killed only where that is allowed', async () => {
  const mark = markOf(await spawnSleeper('x', true))
  await expect(endProcess(mark, { isForced: false, graceMs: 300 })).rejects.toThrow('it does not end')
  expect(isRunning(mark)).toBe(true)
  await endProcess(mark, { isForced: true, graceMs: 300 })
  expect(isRunning(mark)).toBe(false)
})
