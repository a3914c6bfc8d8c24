import type { z } from 'zod'
import { type FleetFile, fleetFile } from '../../shared/fleet/fleetFile.ts'

/** What is wrong with a decoded file, at a path in it. */
export type Issue = z.core.$ZodIssue

/**
 * The part of a wrong file whose names can be judged all the same: without the fields that there are not, and without the
 * customers' models that are wrong themselves. Undefined where something else is wrong, since what follows from it would be
 * no error of its own. Pure.
 */
export function checkableRest(json: unknown, issues: readonly Issue[]): FleetFile | undefined {
  const rest = structuredClone(json)
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) removeAt(rest, [...issue.path, key])
    } else if (issue.path[0] === 'customers' && issue.path.length > 1) removeAt(rest, issue.path.slice(0, 3))
    else return undefined
  }
  const decoded = fleetFile.safeParse(rest)
  return decoded.success ? decoded.data : undefined
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
