import { columnsOf, cut, type Part, pad, paint, textOf } from './text.ts'

/** A column: its head, or its head and how it is set. `least`: how far it may be cut where the terminal is too narrow. */
export type Column = string | { head: string; align?: 'left' | 'right'; least?: number }

const gap = 2
const leastOfWide = 12

/**
 * The lines of a table. With `width` (a terminal's columns) its widest columns are cut until it fits; without, nothing is.
 * Pure.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
  { width, isColoured }: { width?: number | undefined; isColoured: boolean },
): string[] {
  const heads = columns.map((column): Part => ({ text: headOf(column), colour: 'bold' }))
  const natural = columns.map((_, i) =>
    Math.max(...[heads, ...rows].map((cells) => columnsOf(textOf(cells[i] ?? '')))),
  )
  const widths = width === undefined ? natural : narrow(columns, natural, width)
  return [heads, ...rows].map((cells) =>
    columns
      .map((column, i) => {
        const part = cells[i] ?? ''
        const columnWidth = widths[i] ?? 0
        const text = cut(textOf(part), columnWidth)
        const isLast = i === columns.length - 1
        const side = typeof column === 'object' && column.align === 'right' ? 'right' : 'left'
        const padding = pad(text, isLast && side === 'left' ? 0 : columnWidth, side)
        return padding.replace(text, () => paint(part, isColoured, text))
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  )
}

/** Takes from the widest column that may give, one step at a time, until the table fits or none may. Pure. */
function narrow(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const least = columns.map((column, i) =>
    Math.min(natural[i] ?? 0, (typeof column === 'object' ? column.least : undefined) ?? leastOfWide),
  )
  let excess = widths.reduce((sum, each) => sum + each + gap, -gap) - width
  while (excess > 0) {
    const widest = widths
      .map((each, i) => ({ i, spare: each - (least[i] ?? 0), each }))
      .filter(({ spare }) => spare > 0)
      .sort((one, other) => other.each - one.each)[0]
    if (widest === undefined) break
    widths[widest.i] = widest.each - 1
    excess--
  }
  return widths
}

function headOf(column: Column): string {
  return typeof column === 'object' ? column.head : column
}
