import { shortReason } from './reason.ts'

/** One endpoint at the end of a round: the public JSON's fields, beside what only the table shows. */
export type EndpointResult = {
  customer: string
  model: string
  generation: number | null
  state: string
  rows: number | null
  aucBefore: number | null
  aucAfter: number | null
  accuracyBefore: number | null
  accuracyAfter: number | null
  secondsToLive: number | null
}

/** A result with what the table says beside it. */
export type TableRow = EndpointResult & { heldOut: number; heldOutPositives: number; reason?: string }

const heads = ['customer', 'gen', 'state', 'rows', 'AUC', 'accuracy', 'held out', 'to live']

/** The table at the end of a round, and a line for every endpoint that came out worse or did not go live. Pure. */
export function renderTable(rows: readonly TableRow[]): string[] {
  const body = rows.map((row) => [
    row.customer,
    text(row.generation),
    row.state,
    text(row.rows),
    `${rate(row.aucBefore)} -> ${rate(row.aucAfter)}`,
    `${rate(row.accuracyBefore)} -> ${rate(row.accuracyAfter)}`,
    `${row.heldOut} (${row.heldOutPositives} yes)`,
    row.secondsToLive === null ? '-' : `${row.secondsToLive.toFixed(1)} s`,
  ])
  const widths = heads.map((head, i) => Math.max(head.length, ...body.map((cells) => cells[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd()
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...body.map(line), ...remarks(rows)]
}

function remarks(rows: readonly TableRow[]): string[] {
  return rows.flatMap((row) => {
    if (row.state !== 'live')
      return [
        `  ${row.customer} is not live: ${row.reason === undefined ? row.state : shortReason(row.reason)}`,
      ]
    const worse = [
      ...(isWorse(row.aucBefore, row.aucAfter) ? ['AUC'] : []),
      ...(isWorse(row.accuracyBefore, row.accuracyAfter) ? ['accuracy'] : []),
    ]
    return worse.length === 0
      ? []
      : [`  ${row.customer} came out worse on the held-out rows: ${worse.join(' and ')}`]
  })
}

/** Worse by more than a rounding of the three digits shown. */
function isWorse(before: number | null, after: number | null): boolean {
  return before !== null && after !== null && before - after >= 0.0005
}

function rate(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}

function text(value: number | null): string {
  return value === null ? '-' : String(value)
}
