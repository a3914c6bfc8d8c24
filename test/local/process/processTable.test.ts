import { expect, test } from 'vitest'
import {
  isRunning,
  markOf,
  parseProcStat,
  parsePsLine,
  readProcess,
} from '../../../local/process/processTable.ts'

test('the state and the start of a process are read also where its name has brackets and blanks', () => {
  const stat = `41 (a) b (c) S 1 41 41 0 -1 4194560 6977 506398 0 601 1 5 10764 1556 20 0 1 0 86909 5263360 1000`
  expect(parseProcStat(stat)).toEqual({ state: 'S', startTicks: '86909' })
})

test('a line of ps is read, and a zombie is no process', () => {
  const line = ' Ss   Sat Nov  7 10:30:18 2026 /usr/bin/node main.ts --data /x\n'
  expect(parsePsLine(7, line)).toEqual({
    pid: 7,
    startedAt: 'Sat Nov  7 10:30:18 2026',
    command: '/usr/bin/node main.ts --data /x',
  })
  expect(parsePsLine(7, ' Z+   Sat Nov  7 10:30:18 2026 (node)')).toBeUndefined()
})

test('this process runs; a process of another start with its id is another', () => {
  const own = markOf(process.pid)
  expect(own.startedAt).not.toBe('unknown')
  expect(readProcess(process.pid)?.command).toContain('node')
  expect(isRunning(own)).toBe(true)
  expect(isRunning({ pid: process.pid, startedAt: 'earlier' })).toBe(false)
})
