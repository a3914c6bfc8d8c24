import { expect, test } from 'vitest'
import {
  isRunning,
  launchersOf,
  markOf,
  parseProcStat,
  parsePsLine,
  readProcess,
} from '../../../local/process/processTable.ts'

test('the state and the start of a process are read also where its name has brackets and blanks', () => {
  const stat = `41 (a) b (c) S 1 41 41 0 -1 4194560 6977 506398 0 601 1 5 10764 1556 20 0 1 0 86909 5263360 1000`
  expect(parseProcStat(stat)).toEqual({ state: 'S', parentPid: 1, startTicks: '86909' })
})

test('a line of ps is read, and a zombie is no process', () => {
  const line = '  41 Ss   Sat Nov  7 10:30:18 2026 /usr/bin/node main.ts --data /x\n'
  expect(parsePsLine(7, line)).toEqual({
    pid: 7,
    parentPid: 41,
    startedAt: 'Sat Nov  7 10:30:18 2026',
    command: '/usr/bin/node main.ts --data /x',
  })
  expect(parsePsLine(7, '  41 Z+   Sat Nov  7 10:30:18 2026 (node)')).toBeUndefined()
})

test('this process runs; a process of another start with its id is another', () => {
  const own = markOf(process.pid)
  expect(own.startedAt).not.toBe('unknown')
  expect(readProcess(process.pid)?.command).toContain('node')
  expect(isRunning(own)).toBe(true)
  expect(isRunning({ pid: process.pid, startedAt: 'earlier' })).toBe(false)
})

const chain: [pid: number, parentPid: number, command: string][] = [
  [1, 0, 'init'],
  [10, 1, 'bash'],
  [20, 10, 'npm start'],
  [30, 20, 'sh -c -- node bin/run.js local/start.ts'],
  [40, 30, 'node bin/run.js local/start.ts'],
  [50, 10, 'node bin/run.js local/start.ts'],
]
const read = (pid: number) => {
  const found = chain.find(([id]) => id === pid)
  return found && { pid, parentPid: found[1], command: found[2], startedAt: `t${pid}` }
}

test('the launchers are the launcher alone, or all up to npm where npm started it', () => {
  expect(launchersOf(50, read).map(({ pid }) => pid)).toEqual([50])
  expect(launchersOf(40, read)).toEqual([
    { pid: 40, startedAt: 't40' },
    { pid: 30, startedAt: 't30' },
    { pid: 20, startedAt: 't20' },
  ])
  expect(launchersOf(99, read)).toEqual([])
})
