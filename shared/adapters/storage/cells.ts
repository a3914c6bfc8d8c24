import type { Cell, Cells } from '../../lib/tableStore.ts'
import { TerminalError } from '../../retraining/errors.ts'

/** A property as the table client sends and answers it: whole numbers beyond 32 bits travel as Int64. */
export type CellValue = Cell | bigint | { type: 'Int64'; value: string }

const int32 = 2 ** 31

/** Cells for the table client; absent ones are left out. The service takes a bare whole number for an Int32. */
export function encodeCells(cells: Cells): Record<string, CellValue> {
  const encoded: Record<string, CellValue> = {}
  for (const [name, cell] of Object.entries(cells)) {
    if (cell !== undefined) encoded[name] = typeof cell === 'number' ? encodeNumber(name, cell) : cell
  }
  return encoded
}

function encodeNumber(name: string, value: number): CellValue {
  if (!Number.isFinite(value)) throw new TerminalError(`Cannot write property ${name}: ${value} is no number`)
  if (!Number.isInteger(value) || (value >= -int32 && value < int32)) return value
  return Number.isSafeInteger(value) ? { type: 'Int64', value: String(value) } : value
}

/** Cells as the table client answered them, without the service's own `odata.` members. */
export function decodeCells(entity: Readonly<Record<string, unknown>>): Cells {
  const cells: Record<string, Cell> = {}
  for (const [name, value] of Object.entries(entity)) {
    if (name.startsWith('odata.')) continue
    if (typeof value === 'bigint') cells[name] = Number(value)
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      cells[name] = value
  }
  return cells
}
