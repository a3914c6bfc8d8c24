/** A field of a schedule: its name, its least and greatest value and, for months and days of the week, their names. */
export type FieldKind = { name: string; least: number; most: number; names?: readonly string[] }

/** The values of a field; `isWhole`: all there are; `isReversed`: a range of it was written downwards (`22-2`, which is 2 to 22). */
export type Field = { values: ReadonlySet<number>; isWhole: boolean; isReversed: boolean }

const months = 'january february march april may june july august september october november december'
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'

/** The fields of a schedule, in their order. */
export const fieldKinds: readonly FieldKind[] = [
  { name: 'second', least: 0, most: 59 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: months.split(' ') },
  { name: 'day of week', least: 0, most: 6, names: weekdays.split(' ') },
]

/** The integers of .NET end here; a step that would count beyond is refused there. */
const mostInteger = 2 ** 31 - 1

/**
 * Reads a field as NCrontab does: lists of `*`, a value or a range, each with a step (`5/20` goes on to the end of the field; a
 * step below 1 is 1); a name may be cut anywhere (`m`, `sept`); a range downwards is turned round. Throws `Cannot read ..`.
 * Source: github.com/atifaziz/NCrontab, CrontabFieldImpl and CrontabField.
 */
export function parseField(kind: FieldKind, text: string): Field {
  const parts = text.split(',').map((part) => parsePart(kind, part))
  const values = new Set<number>()
  for (const { first, last, step } of parts) {
    for (let value = Math.min(first, last); value <= Math.max(first, last); value += step) values.add(value)
  }
  const isWhole = values.size === kind.most - kind.least + 1
  return { values, isWhole, isReversed: parts.some(({ first, last }) => first > last) }
}

type Part = { first: number; last: number; step: number }

function parsePart(kind: FieldKind, part: string): Part {
  const [range = '', ...steps] = part.split('/')
  const step = steps.length === 0 ? 1 : parseStep(kind, steps.join('/'))
  const [from = '', ...to] = range.split('-')
  const first = range === '*' ? kind.least : parseValue(kind, from)
  const isOpen = range === '*' || (to.length === 0 && steps.length > 0)
  const last = isOpen ? kind.most : to.length === 0 ? first : parseValue(kind, to.join('-'))
  if (step > mostInteger - (Math.min(first, last) - kind.least)) {
    throw new Error(`Cannot read the ${kind.name} "${part}": the step is too large`)
  }
  return { first, last, step }
}

function parseStep(kind: FieldKind, text: string): number {
  const step = /^[\t-\r]*[+-]?\d+[\t-\r]*$/.test(text) ? Number(text) : Number.NaN
  if (Math.abs(step) <= mostInteger) return Math.max(1, step)
  throw new Error(`Cannot read the ${kind.name} "/${text}": a step is a whole number`)
}

function parseValue({ name, least, most, names }: FieldKind, text: string): number {
  const place = text === '' ? -1 : (names ?? []).findIndex((each) => each.startsWith(text.toLowerCase()))
  const value = /^\d+[\t-\r]*$/.test(text) ? Number(text) : place + least
  if ((place >= 0 || /^\d/.test(text)) && value >= least && value <= most) return value
  const known = names === undefined ? `${least} to ${most}` : `${least} to ${most} or a name in English`
  throw new Error(`Cannot read the ${name} "${text}": it is ${known}`)
}
