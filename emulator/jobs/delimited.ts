import { CellReader, TrainingDataError } from '../engine/index.ts'

/** Rows of a CSV as text cells, the header first; empty lines are passed over. Throws TrainingDataError. */
export function readCells(csv: Uint8Array): string[][] {
  const cells = new CellReader(csv)
  const rows: string[][] = []
  while (cells.hasRow) {
    const row: string[] = []
    do {
      cells.next()
      row.push(cells.text())
    } while (!cells.endsRow)
    if (row.length === 1 && row[0] === '') continue
    const width = rows[0]?.length ?? row.length
    if (row.length !== width) {
      throw new TrainingDataError(
        `Cannot read input: line ${cells.line} has ${row.length} values, the header has ${width}`,
      )
    }
    rows.push(row)
  }
  if (rows.length === 0) throw new TrainingDataError('Cannot read input: it is empty')
  return rows
}

/** Rows as CSV with CR LF; cells are quoted where they must be. */
export function writeCsv(rows: readonly (readonly string[])[]): Uint8Array {
  return Buffer.from(rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join(''))
}

/** A TSV as CSV. A cell that begins with a quote is taken as quoted. */
export function tsvToCsv(tsv: Uint8Array): Uint8Array {
  const lines = Buffer.from(tsv)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
  return writeCsv(lines.filter((line) => line !== '').map((line) => line.split('\t').map(unquoted)))
}

/** A CSV as TSV; tabs and line ends inside cells become blanks. */
export function csvToTsv(csv: Uint8Array): Uint8Array {
  const rows = readCells(csv).map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t'))
  return Buffer.from(rows.map((row) => `${row}\r\n`).join(''))
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function unquoted(cell: string): string {
  return cell.length > 1 && cell.startsWith('"') && cell.endsWith('"')
    ? cell.slice(1, -1).replaceAll('""', '"')
    : cell
}
