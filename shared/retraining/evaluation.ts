const mostOdd = 20

/** More figures, or longer names, than fit the run's row are left out: a limit on one of them finds it missing. */
const mostColumns = 300
const longestName = 80

/**
 * Reads an evaluation: a CSV with the metrics' names in the first line and their numbers in the second. Columns that hold no
 * finite number are left out ({@link oddMetrics} has them), as are names over 80 characters and all after the first 300; a text
 * without two lines has no metrics. Pure.
 */
export function parseEvaluation(csv: string): Record<string, number> {
  return Object.fromEntries(
    columnsOf(csv).flatMap(({ name, text }) => (isFigure(text) ? [[name, Number(text)]] : [])),
  )
}

/** The columns that hold no finite number, with what stands there; undefined where there are none. Pure. */
export function oddMetrics(csv: string): Record<string, string> | undefined {
  const odd = columnsOf(csv).filter(({ text }) => !isFigure(text))
  if (odd.length === 0) return undefined
  return Object.fromEntries(odd.slice(0, mostOdd).map(({ name, text }) => [name, shown(text)]))
}

function columnsOf(csv: string): { name: string; text: string }[] {
  const [names = [], values = []] = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')))
  const columns = names.map((name, index) => ({ name, text: values[index] ?? '' }))
  if (values.length === 0) return []
  return columns.filter(({ name }) => name !== '' && name.length <= longestName).slice(0, mostColumns)
}

function isFigure(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text))
}

/** `NaN`, `-Infinity`, `n/a`; a longer text from outside is not repeated. */
function shown(text: string): string {
  return /^[\p{L}\p{N} .∞/-]{0,12}$/u.test(text) ? text : 'no number'
}
