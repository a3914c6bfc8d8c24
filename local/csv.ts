/** A CSV with a header: each row has a cell for every column, as text. */
export type Csv = { columns: string[]; rows: string[][] }

/**
 * Reads a CSV with a header (RFC 4180: quoted cells may hold commas, quotes and line breaks; CRLF, LF, a BOM).
 * Throws an Error that names the line when a row has another number of cells or a quote stays open.
 */
export function readCsv(text: string): Csv {
  const records = readRecords(text.startsWith('\uFEFF') ? text.slice(1) : text)
  const columns = records[0]?.cells
  if (columns === undefined) throw new Error('Cannot read the CSV: it is empty')
  const rows = records.slice(1).map(({ cells, line }) => {
    if (cells.length === columns.length) return cells
    throw new Error(
      `Cannot read the CSV: line ${line} has ${cells.length} cells, the header ${columns.length}`,
    )
  })
  return { columns, rows }
}

/** Writes a CSV with a header, LF line ends and quotes where a cell needs them. */
export function writeCsv(csv: Csv): string {
  return [csv.columns, ...csv.rows].map((cells) => `${cells.map(quote).join(',')}\n`).join('')
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** One cell with the separator after it: `"..."` or plain, then a comma, a line end or the end. */
const cellPattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y

function readRecords(text: string): { cells: string[]; line: number }[] {
  const records: { cells: string[]; line: number }[] = []
  let cells: string[] = []
  let line = 1
  let startedAt = 1
  cellPattern.lastIndex = 0
  while (cellPattern.lastIndex < text.length || cells.length > 0) {
    const match = cellPattern.exec(text)
    if (match === null) throw new Error(`Cannot read the CSV: line ${line} has a quote in a wrong place`)
    const [whole, quoted, plain, end] = match
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    line += whole.split('\n').length - 1
    if (end === ',') continue
    records.push({ cells, line: startedAt })
    cells = []
    startedAt = line
  }
  return records
}
