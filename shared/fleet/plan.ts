import { isSame } from '../retraining/same.ts'

/** One field that is to change; `from` or `to` is undefined where it is not set. */
export type FieldChange = { field: string; from: unknown; to: unknown }

/** What is to be done about one thing. */
export type PlanStep<Thing> =
  | { kind: 'add'; name: string; to: Thing }
  | { kind: 'change'; name: string; to: Thing; changes: FieldChange[] }
  | { kind: 'remove'; name: string; from: Thing }

/**
 * What has to be done so that what there is becomes what is wanted; both by name. `ignored` fields are not compared where
 * nothing is wanted of them. What is not wanted is removed; the caller leaves that out where it is not to be. Pure.
 */
export function planSteps<Thing extends object>(
  wanted: ReadonlyMap<string, Thing>,
  there: ReadonlyMap<string, Thing>,
  ignored: readonly string[] = [],
): PlanStep<Thing>[] {
  const steps: PlanStep<Thing>[] = []
  for (const [name, to] of wanted) {
    const from = there.get(name)
    if (from === undefined) {
      steps.push({ kind: 'add', name, to })
      continue
    }
    const changes = fieldChanges(from, to).filter(
      ({ field, to: value }) => value !== undefined || !ignored.includes(field),
    )
    if (changes.length > 0) steps.push({ kind: 'change', name, to, changes })
  }
  for (const [name, from] of there) {
    if (!wanted.has(name)) steps.push({ kind: 'remove', name, from })
  }
  return steps
}

/** The fields that differ, by name; objects are gone into, lists are not. Pure. */
export function fieldChanges(from: object, to: object, prefix = ''): FieldChange[] {
  const [before, after] = [from, to] as Record<string, unknown>[]
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort()
  return names.flatMap((name) => {
    const [one, other] = [before?.[name], after?.[name]]
    if (isSame(one, other)) return []
    const field = `${prefix}${name}`
    return isRecord(one) && isRecord(other)
      ? fieldChanges(one, other, `${field}.`)
      : [{ field, from: one, to: other }]
  })
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
