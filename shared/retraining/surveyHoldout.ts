import type { Holdout } from './holdout.ts'

/** What a file of held-out rows holds, or why it can't be used. */
export type HoldoutSurvey =
  | { kind: 'fits'; columns: string[]; rows: number }
  | { kind: 'unfit'; reason: string }

/** Fewer say nothing of a model. */
const leastRows = 2
const shownCharacters = 300

/**
 * Looks a file of held-out rows through: a header of different names, rows as long as it, and, where the model's gate says
 * what it compares, the label with the values that this takes. `records`: the header first.
 */
export async function surveyHoldout(
  records: AsyncIterable<readonly string[] | { unfit: string }>,
  holdout: Pick<Holdout, 'label' | 'positive' | 'measure'> | undefined,
): Promise<HoldoutSurvey> {
  let columns: string[] | undefined
  let labelAt = -1
  const counts = { rows: 0, positives: 0 }
  for await (const record of records) {
    if ('unfit' in record) return { kind: 'unfit', reason: record.unfit }
    if (columns === undefined) {
      columns = [...record]
      const wrong = wrongHeader(columns, holdout?.label)
      if (wrong !== undefined) return { kind: 'unfit', reason: wrong }
      labelAt = columns.indexOf(holdout?.label ?? '')
      continue
    }
    counts.rows++
    if (record.length !== columns.length) {
      const reason = `row ${counts.rows} has ${record.length} columns, the header ${columns.length}`
      return { kind: 'unfit', reason }
    }
    if (holdout !== undefined && record[labelAt] === holdout.positive) counts.positives++
  }
  const reason = columns === undefined ? 'it is empty' : wrongRows(counts, holdout)
  return reason === undefined
    ? { kind: 'fits', columns: columns ?? [], rows: counts.rows }
    : { kind: 'unfit', reason }
}

function wrongHeader(columns: readonly string[], label: string | undefined): string | undefined {
  const shown = columns.join(', ').slice(0, shownCharacters)
  if (columns.length < 2)
    return `its first line has one column only (${shown}); columns are set apart by commas`
  const nameless = columns.findIndex((name) => name.trim() === '')
  if (nameless >= 0) return `column ${nameless + 1} of its first line has no name`
  const twice = columns.find((name, index) => columns.indexOf(name) !== index)
  if (twice !== undefined) return `two columns are called ${twice.slice(0, shownCharacters)}`
  if (label !== undefined && !columns.includes(label)) return `it has no column ${label}; it has ${shown}`
  return undefined
}

function wrongRows(
  { rows, positives }: { rows: number; positives: number },
  holdout: Pick<Holdout, 'label' | 'positive' | 'measure'> | undefined,
): string | undefined {
  if (rows < leastRows)
    return `it has ${rows === 0 ? 'no rows' : 'one row'}; a comparison takes ${leastRows} or more`
  if (holdout === undefined) return undefined
  const { label, positive, measure } = holdout
  if (positives === 0) return `no row's ${label} is ${positive}`
  if (measure === 'AUC' && positives === rows)
    return `every row's ${label} is ${positive}; an AUC takes others too`
  return undefined
}
