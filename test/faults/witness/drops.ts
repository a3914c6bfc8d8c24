import type { DroppedVersion } from '../dropper.ts'
import type { ManifestDrop, StoredModel } from './storage.ts'

/** What became of the dropped versions, by how many; `lost` says which and how. */
export type DropTally = {
  inGeneration: number
  unchanged: number
  /** Overwritten before anybody looked: the version after it counts. */
  overwritten: number
  /** Not in a generation yet. */
  waiting: number
  lost: string[]
}

/**
 * Looks every acknowledged version up in the committed manifests: each is in exactly one, or recorded as `unchanged`, or was
 * overwritten. With `isOver` every version has a record at least: what is nowhere is lost. Pure.
 */
export function tallyDrops(
  dropped: readonly DroppedVersion[],
  models: readonly StoredModel[],
  isOver: boolean,
): DropTally {
  const places = placesOf(models)
  const records = new Map(models.flatMap((model) => [...model.records]))
  const newest = new Map(dropped.map((version) => [version.name, version.at]))
  const tally: DropTally = { inGeneration: 0, unchanged: 0, overwritten: 0, waiting: 0, lost: [] }
  for (const version of dropped) {
    const key = `${version.name} ${version.etag}`
    const found = places.get(key) ?? []
    const [place] = found
    if (found.length > 1) {
      tally.lost.push(`${version.name} is in generations ${found.map((one) => one.generation).join(' and ')}`)
    } else if (place !== undefined) {
      tally.inGeneration += 1
      const problem = problemOf(version, place, newest)
      if (problem !== undefined) tally.lost.push(problem)
    } else if (records.get(key)?.state === 'unchanged') tally.unchanged += 1
    else if (newest.get(version.name) !== version.at && !records.has(key)) tally.overwritten += 1
    else if (isOver && records.get(key)?.state !== 'pending')
      tally.lost.push(`${version.name} (${version.etag}) is in no generation`)
    else tally.waiting += 1
  }
  return tally
}

type Place = ManifestDrop & { customerId: string; generation: number }

function placesOf(models: readonly StoredModel[]): Map<string, Place[]> {
  const places = new Map<string, Place[]>()
  for (const { customerId, generations } of models) {
    for (const { generation, drops } of generations) {
      for (const drop of drops) {
        const key = `${drop.name} ${drop.etag}`
        places.set(key, [...(places.get(key) ?? []), { ...drop, customerId, generation }])
      }
    }
  }
  return places
}

/** What a manifest must not say of a drop of ours: another customer's, refused, or overwritten when nobody overwrote it. */
function problemOf(
  version: DroppedVersion,
  place: Place,
  newest: ReadonlyMap<string, number>,
): string | undefined {
  const text = `${version.name} in generation ${place.generation} of ${place.customerId}`
  if (place.customerId !== version.customerId) return `${text}: another customer's`
  if (place.use === 'refused') return `${text} was refused: ${place.reason}`
  if (place.use === 'overwritten' && newest.get(version.name) === version.at) {
    return `${text} counts as overwritten, and nobody wrote it again`
  }
  return undefined
}
