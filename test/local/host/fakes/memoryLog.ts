import { type HostLog, hostLog } from '../../../../local/host/log.ts'

/** A log that keeps its lines for the test. */
export function createMemoryLog(): HostLog & { lines: string[] } {
  const lines: string[] = []
  return { ...hostLog(({ message }) => lines.push(message), 'Test'), lines }
}
