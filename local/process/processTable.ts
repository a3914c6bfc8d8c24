import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process that can be told from a later one with the same id: `startedAt` is opaque text. */
export type ProcessMark = { pid: number; startedAt: string }

/** A running process; `command` is its arguments joined by blanks. */
export type RunningProcess = ProcessMark & { command: string }

/** Looks a process up by its id; `undefined` when there is none (or only a zombie). */
export type ReadProcess = (pid: number) => RunningProcess | undefined

/** The system's own process table: `/proc` on Linux, `ps` elsewhere (macOS). */
export const readProcess: ReadProcess = (pid) =>
  process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid)

/** This process, as a mark. */
export function markOf(pid: number, read: ReadProcess = readProcess): ProcessMark {
  return { pid, startedAt: read(pid)?.startedAt ?? 'unknown' }
}

/** Whether the marked process (not a later one with its id) still runs. */
export function isRunning(mark: ProcessMark, read: ReadProcess = readProcess): boolean {
  return read(mark.pid)?.startedAt === mark.startedAt
}

/** Fields 3 (state) and 22 (start in clock ticks since boot) of /proc/PID/stat, counted behind the name in brackets. Source: proc(5). */
export function parseProcStat(stat: string): { state: string; startTicks: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', startTicks: fields[19] ?? '' }
}

function readFromProc(pid: number): RunningProcess | undefined {
  try {
    const { state, startTicks } = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    if (state === 'Z' || state === 'X') return undefined
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { pid, startedAt: `${boot}-${startTicks}`, command }
  } catch {
    // No such process, or it ended between two reads.
    return undefined
  }
}

/** A line of `ps -o stat=,lstart=,args=`: `S  Sat Nov 21 10:30:18 2026 node main.ts`. */
export function parsePsLine(pid: number, line: string): RunningProcess | undefined {
  const match = /^(\S+)\s+(\S+ \S+\s+\d+ [\d:]+ \d{4})\s+(.*)$/.exec(line.trim())
  if (match === null || match[1]?.startsWith('Z')) return undefined
  return { pid, startedAt: match[2] ?? '', command: match[3] ?? '' }
}

function readFromPs(pid: number): RunningProcess | undefined {
  try {
    const line = execFileSync('ps', ['-ww', '-o', 'stat=,lstart=,args=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    })
    return parsePsLine(pid, line)
  } catch {
    // ps ends with 1 when there is no such process.
    return undefined
  }
}
