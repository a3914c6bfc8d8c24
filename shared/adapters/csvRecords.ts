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

/**
 * The records of a CSV stream, one at a time, without their line ends: a byte order mark is dropped, CRLF is LF, a line
 * break inside quotes stays in its record, empty lines are left out. Memory: one chunk and one record of at most
 * `mostCharacters`.
 */
export async function* readRecords(
  content: AsyncIterable<Uint8Array>,
  mostCharacters = 1024 * 1024,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of content) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = ''
    for (const [index, line] of lines.entries()) {
      rest += line
      if (index === lines.length - 1) break
      if (isOpen(rest)) rest += '\n'
      else {
        if (withoutReturn(rest) !== '') yield withoutReturn(rest)
        rest = ''
      }
    }
    if (rest.length > mostCharacters) throw new Error(`a record has more than ${mostCharacters} characters`)
  }
  const last = withoutReturn(rest + decoder.decode())
  if (last !== '') yield last
}

function isOpen(record: string): boolean {
  let quotes = 0
  for (let at = record.indexOf('"'); at >= 0; at = record.indexOf('"', at + 1)) quotes++
  return quotes % 2 === 1
}

function withoutReturn(record: string): string {
  return record.endsWith('\r') ? record.slice(0, -1) : record
}
