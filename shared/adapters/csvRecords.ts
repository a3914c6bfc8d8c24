/** One record's fields, unquoted. Fields with a comma, a quote or a line break are quoted in CSV. */
export function parseRecord(record: string): string[] {
  const fields: string[] = []
  let at = 0
  for (;;) {
    const end = endOfField(record, at)
    const field = record.slice(at, end)
    fields.push(field.startsWith('"') ? field.replace(/^"|"$/g, '').replaceAll('""', '"') : field)
    if (end >= record.length) return fields
    at = end + 1
  }
}

/** Where the field that begins at `at` ends: the next comma outside quotes, or the end. */
function endOfField(record: string, at: number): number {
  let inQuotes = false
  for (let index = at; index < record.length; index++) {
    if (record[index] === '"') inQuotes = !inQuotes
    else if (record[index] === ',' && !inQuotes) return index
  }
  return record.length
}

/** The record that {@link parseRecord} reads back. */
export function formatRecord(fields: readonly string[]): string {
  return fields
    .map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',')
}

/** A record is longer than may be held in memory: an open quote, most of the time, or no line ends. */
export class LongRecord extends Error {
  override readonly name = 'LongRecord'
}

/** What of a record was read so far; `isOpen`: inside quotes, where a line break belongs to the record. */
type Pending = { parts: string[]; characters: number; isOpen: boolean }

/**
 * The records of a CSV stream, one at a time, without their line ends: a byte order mark is dropped, CRLF is LF, a line
 * break inside quotes stays in its record, empty lines are left out. Every character is looked at once. Memory: one chunk and
 * one record of at most `mostCharacters`; throws {@link LongRecord} at a longer one.
 */
export async function* readRecords(
  content: AsyncIterable<Uint8Array>,
  mostCharacters = 1024 * 1024,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let pending: Pending = { parts: [], characters: 0, isOpen: false }
  for await (const chunk of content) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n')
    for (const [index, line] of lines.entries()) {
      add(pending, line, mostCharacters)
      if (index === lines.length - 1) break
      if (pending.isOpen) {
        add(pending, '\n', mostCharacters)
        continue
      }
      const record = textOf(pending)
      if (record !== '') yield record
      pending = { parts: [], characters: 0, isOpen: false }
    }
  }
  add(pending, decoder.decode(), mostCharacters)
  const last = textOf(pending)
  if (last !== '') yield last
}

function add(pending: Pending, text: string, mostCharacters: number): void {
  pending.parts.push(text)
  pending.characters += text.length
  if (pending.characters > mostCharacters)
    throw new LongRecord(`a record has more than ${mostCharacters} characters`)
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) pending.isOpen = !pending.isOpen
}

function textOf({ parts }: Pending): string {
  const record = parts.join('')
  return record.endsWith('\r') ? record.slice(0, -1) : record
}
