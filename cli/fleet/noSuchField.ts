import { fleetJsonSchema } from '../../shared/fleet/fleetFile.ts'

let names: string[] | undefined

/** The field that a slip explains a name by; undefined where none is near. Pure. */
export function meantField(name: string): string | undefined {
  names ??= [...new Set(fieldsOf(fleetJsonSchema()))].sort()
  return nearest(name, names)
}

/** What is said of a field that a fleet file does not have. Pure. */
export function noSuchField(name: string): string {
  const meant = meantField(name)
  return meant === undefined ? 'there is no such field' : `there is no such field; did you mean ${meant}?`
}

/** The names of all fields of a JSON Schema, at any depth. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties } = schema as { properties?: object }
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(fieldsOf)]
}

const mostSlips = 2

/** The name that is the fewest letters away, two at most and fewer than half of it. Pure. */
function nearest(name: string, among: readonly string[]): string | undefined {
  const ranked = among
    .map((other) => ({ other, slips: slipsBetween(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, slips }) => other !== name && slips <= mostSlips && slips * 2 < other.length)
    .sort((one, next) => one.slips - next.slips)
  return ranked[0]?.other
}

/** Letters added, left out or changed between two texts (Levenshtein). */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_none, index) => index)
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1]
    for (let index = 1; index <= other.length; index++) {
      const changed = (row[index - 1] ?? 0) + (other[index - 1] === letter ? 0 : 1)
      next.push(Math.min(changed, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
