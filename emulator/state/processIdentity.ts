import { readFileSync } from 'node:fs'

/** A process by id and start: the id alone may be another process's by now. */
export type ProcessIdentity = { pid: number; start: string }

/** A process's identity. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, start: startOf(pid) }
}

/** Whether that very process lives. */
export function isAlive({ pid, start }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return startOf(pid) === start
}

/** When a process started, in the kernel's ticks; '' where the system does not say, `ended` for one nobody has waited for. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '')
  } catch {
    return ''
  }
}
