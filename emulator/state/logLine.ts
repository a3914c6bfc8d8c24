import { crc32 } from 'node:zlib'

/** What a line of the log says: a record was written or removed. */
export type Change = { put: string; id: string; value: unknown } | { remove: string; id: string }

/** One line, with its checksum in front: `8 hex digits, a blank, JSON`. */
export function encodeChange(change: Change): string {
  const json = JSON.stringify(change)
  return `${checksum(json)} ${json}\n`
}

/**
 * Reads the log's text. A torn end (the last write before a crash) is left out: `goodBytes` says how much holds.
 * Throws when a damaged line stands before good ones: that is no crash, and going on would lose records.
 */
export function decodeLog(text: Buffer): { changes: Change[]; goodBytes: number } {
  const changes: Change[] = []
  let goodBytes = 0
  let start = 0
  let damagedAt: number | undefined
  while (start < text.length) {
    const end = text.indexOf(10, start)
    const stop = end === -1 ? text.length : end
    const change = end === -1 ? undefined : decodeLine(text.toString('utf8', start, stop))
    if (change === undefined) damagedAt ??= start
    else if (damagedAt !== undefined) throw new Error(`a line is damaged at byte ${damagedAt}`)
    else {
      changes.push(change)
      goodBytes = stop + 1
    }
    start = stop + 1
  }
  return { changes, goodBytes }
}

function decodeLine(line: string): Change | undefined {
  const json = line.slice(9)
  if (line[8] !== ' ' || checksum(json) !== line.slice(0, 8)) return undefined
  return JSON.parse(json) as Change
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
