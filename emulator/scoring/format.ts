/** A number as .NET Framework prints a Double: 15 significant digits, `1E-05` for very small, `1E+15` for very large ones. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  const rounded = Number(value.toPrecision(15))
  const size = Math.abs(rounded)
  if (rounded === 0 || (size >= 1e-4 && size < 1e15)) return String(rounded)
  const [digits = '', exponent = ''] = rounded.toExponential().split('e')
  const sign = exponent.startsWith('-') ? '-' : '+'
  return `${digits}E${sign}${exponent.slice(1).padStart(2, '0')}`
}

/** A JSON cell as answers print it: booleans `True`/`False`, numbers as .NET does, missing ones null. */
export function formatCell(cell: unknown): string | null {
  if (typeof cell === 'string') return cell
  if (typeof cell === 'number') return formatDouble(cell)
  if (typeof cell === 'boolean') return cell ? 'True' : 'False'
  return cell === null || cell === undefined ? null : JSON.stringify(cell)
}
