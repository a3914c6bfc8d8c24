import type { z } from 'zod'
import { type FleetFile, fleetFile } from '../../shared/fleet/fleetFile.ts'
import { meantField } from './noSuchField.ts'

/** What is wrong with a decoded file, at a path in it. */
export type Issue = z.core.$ZodIssue

/** What the judging of names rests on: where a default of these is wrong, errors that follow from it would be none. */
const named: ReadonlySet<unknown> = new Set([
  'trainingService',
  'predictiveService',
  'endpoint',
  'adopt',
  'resourceName',
])

/**
 * The part of a wrong file whose names can be judged all the same: without the fields that there are not, and without the
 * defaults and the customers' models that are wrong themselves. Undefined where something else is wrong, since what follows
 * from it would be no error of its own. Pure.
 */
export function checkableRest(json: unknown, issues: readonly Issue[]): FleetFile | undefined {
  const rest = structuredClone(json)
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      if (issue.path[0] !== 'customers' && issue.keys.some((key) => named.has(meantField(key))))
        return undefined
      for (const key of issue.keys) removeAt(rest, [...issue.path, key])
      continue
    }
    const wrong = removable(issue.path)
    if (wrong === undefined) return undefined
    removeAt(rest, wrong)
    // The one is compared with the other.
    if (wrong.at(-1) === 'quietSeconds') removeAt(rest, [...wrong.slice(0, -1), 'maxQuietSeconds'])
  }
  const decoded = fleetFile.safeParse(rest)
  return decoded.success ? decoded.data : undefined
}

/** What is left out for something wrong at a path: a customer's model, or one field of the defaults. */
function removable(path: readonly PropertyKey[]): readonly PropertyKey[] | undefined {
  const [section] = path
  if (section === 'customers') return path.length > 1 ? path.slice(0, 3) : undefined
  const depth = section === 'defaults' ? 2 : 3
  if (section === 'models' && path.length === 2) return path
  if ((section !== 'defaults' && section !== 'models') || path.length < depth) return undefined
  return named.has(path[depth - 1]) ? undefined : path.slice(0, depth)
}

/** An entry of a list leaves a hole that no model has: the whole list goes, since the places of the others must stay. */
function removeAt(json: unknown, path: readonly PropertyKey[]): void {
  const holders: unknown[] = [json]
  for (const part of path.slice(0, -1)) holders.push(memberOf(holders.at(-1), part))
  const holder = holders.at(-1)
  if (Array.isArray(holder)) removeAt(json, path.slice(0, -1))
  else if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, path.at(-1) ?? '')
}

function memberOf(value: unknown, name: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
