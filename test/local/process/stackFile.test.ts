import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReadProcess } from '../../../local/process/processTable.ts'
import {
  createStackFile,
  judgeStack,
  readStackFile,
  removeStackFile,
  type StackFile,
  writeStackFile,
} from '../../../local/process/stackFile.ts'
import { temporaryFolder } from '../../setup/temporaryFolder.ts'

const file: StackFile = {
  version: 1,
  stack: { pid: 1, startedAt: 'a' },
  launchers: [{ pid: 2, startedAt: 'b' }],
  parts: [
    { name: 'storage', pid: 3, startedAt: 'c', folder: '/p/.local/azurite' },
    { name: 'functions', pid: 4, startedAt: 'd', folder: '/p' },
  ],
}
/** A process table with these processes: pid, start, command. */
const table =
  (...processes: [pid: number, startedAt: string, command?: string][]): ReadProcess =>
  (pid) => {
    const found = processes.find(([id]) => id === pid)
    return found && { pid, parentPid: 0, startedAt: found[1], command: found[2] ?? '' }
  }
const storage = [3, 'c', 'node azurite.js --location /p/.local/azurite'] as [number, string, string]
const functions = [4, 'd', 'node main.ts --root /p'] as [number, string, string]

test('no file, or none of its processes there: nothing is left over', () => {
  expect(judgeStack(undefined, table())).toEqual({ kind: 'none' })
  expect(judgeStack(file, table())).toEqual({ kind: 'none' })
})

test('a stack with its launcher runs', () => {
  expect(judgeStack(file, table([1, 'a'], [2, 'b'], storage))).toEqual({ kind: 'running', pid: 1 })
})

test('a stack whose launcher was killed is left over, with its parts, the last started first', () => {
  expect(judgeStack(file, table([1, 'a'], storage, functions))).toEqual({
    kind: 'orphans',
    stack: file.stack,
    parts: [file.parts[1], file.parts[0]],
  })
})

test('parts whose stack was killed are left over', () => {
  expect(judgeStack(file, table([2, 'b'], storage))).toEqual({ kind: 'orphans', parts: [file.parts[0]] })
})

const foreign: [when: string, process: [number, string, string]][] = [
  ['a later process with the same id', [3, 'later', storage[2]]],
  ['another folder, as in a copied checkout', [3, 'c', 'node azurite.js --location /q/.local/azurite']],
]
test.each(foreign)('not ours, so never stopped: %s', (_when, other) => {
  expect(judgeStack(file, table(other))).toEqual({ kind: 'none' })
})

test('the file is its owner’s only, is created once, and a damaged one counts as missing', () => {
  const folder = join(temporaryFolder('retrain-stack'), '.local')
  expect(createStackFile(folder, file)).toBe(true)
  expect(createStackFile(folder, file)).toBe(false)
  writeStackFile(folder, { ...file, connectionString: 'x' })
  expect(statSync(join(folder, 'stack.json')).mode & 0o777).toBe(0o600)
  expect(readStackFile(folder)?.connectionString).toBe('x')
  writeFileSync(join(folder, 'stack.json'), '{"version":1,')
  expect(readStackFile(folder)).toBeUndefined()
  removeStackFile(folder)
  expect(createStackFile(folder, file)).toBe(true)
})
