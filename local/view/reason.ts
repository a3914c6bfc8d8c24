const longest = 300

/**
 * The part of a run's reason that a person reads: of a failed job's Details the module's own message, else the text
 * itself; one line, at most 300 characters. Pure.
 */
export function shortReason(reason: string): string {
  const message = /"Message":("(?:[^"\\]|\\.)*")/.exec(reason)?.[1]
  const text = message === undefined ? reason : `job failed: ${decode(message)}`
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line
}

/** `Error 1000: AFx Library library exception: ` says nothing that helps. */
function decode(message: string): string {
  try {
    return String(JSON.parse(message)).replace(/^Error \d+: (?:AFx Library library exception: )?/, '')
  } catch {
    // Details that were cut in the middle of an escape.
    return message
  }
}
