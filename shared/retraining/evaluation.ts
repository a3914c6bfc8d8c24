/**
 * Reads an evaluation: a CSV with the metrics' names in the first line and their numbers in the second. Columns that hold no
 * finite number are left out; a text without two lines has no metrics. Pure.
 */
export function parseEvaluation(csv: string): Record<string, number> {
  const [names = [], values = []] = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')))
  const metrics: Record<string, number> = {}
  names.forEach((name, index) => {
    const text = values[index] ?? ''
    const value = Number(text)
    if (name !== '' && text !== '' && Number.isFinite(value)) metrics[name] = value
  })
  return metrics
}
