import { firstLine } from '../../shared/retraining/timeline.ts'

const longest = 300

/** The part of a run's reason that a person reads: its first line, at most 300 characters. Pure. */
export function shortReason(reason: string): string {
  const line = firstLine(reason).replaceAll(/\s+/g, ' ')
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line
}
