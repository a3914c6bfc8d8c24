import type { Drop } from './drop.ts'
import {
  type CopyOutcome,
  type GenerationPlan,
  isNewer,
  type Manifest,
  type ManifestDrop,
  manifestDrop,
  type TrainingInput,
} from './generation.ts'
import type { ModelKey, RunKey } from './names.ts'
import type { ModelSettings } from './settings.ts'
import type { ExclusionStore, RunStore, TrainingSets } from './stores.ts'

/** What planning a joined set needs of the copies in `training-sets`. */
export type PlanAppendPorts = Pick<RunStore, 'readRun'> &
  Pick<ExclusionStore, 'listExcluded'> &
  Pick<TrainingSets, 'readManifest'> & {
    /** The header of a copy, in its order. */
    readColumns(key: ModelKey, copy: string): Promise<Columns>
    /** Joins these blobs in order under one header; the same join again is the same blob. */
    joinSet(key: RunKey, sources: readonly string[]): Promise<Joined>
    /** A joined set may not be larger. */
    maxTrainingSetBytes: number
  }

/** A file's columns, or why it can't be joined. */
export type Columns = { kind: 'columns'; names: string[] } | { kind: 'unfit'; reason: string }

/** A joined set, or which of its sources can't be part of it, and why: nothing is written then. */
export type Joined =
  | { kind: 'joined'; input: TrainingInput }
  | { kind: 'unfit'; source: string; reason: string }

type Part = Manifest['earlier'][number]

const defaultDrops = 100
const defaultBytes = 1024 ** 3

/**
 * Makes an `append` generation: the last drops, earlier ones and its own, joined in the order they were written. A drop whose
 * columns differ is refused by name and the rest goes on.
 */
export async function planAppend(
  ports: PlanAppendPorts,
  settings: ModelSettings,
  key: RunKey,
  from: { pending: readonly Drop[]; outcomes: readonly CopyOutcome[] },
): Promise<GenerationPlan> {
  const previous = await previousManifest(ports, key)
  const excluded = new Set(previous === undefined ? [] : await ports.listExcluded(key))
  const all = previous === undefined ? [] : partsOf(previous)
  const before = all.filter(({ id }) => !excluded.has(id))
  const leftOut = all.filter(({ id }) => excluded.has(id))
  const drops = from.pending
    .map((drop, index) => manifestDrop(drop, from.outcomes[index] ?? { kind: 'overwritten' }))
    .sort((one, other) => (isNewer(one, other) ? 1 : -1))
  await refuseOthers(ports, key, before, drops)
  return join(ports, settings, key, { previous, before, leftOut, drops })
}

type Parts = { previous: Manifest | undefined; before: Part[]; leftOut: Part[]; drops: ManifestDrop[] }

/** Joins what fits; a file that turns out to be unfit while it is read is refused too, and the rest goes on without it. */
async function join(
  ports: PlanAppendPorts,
  settings: ModelSettings,
  key: RunKey,
  { previous, before, leftOut, drops }: Parts,
): Promise<GenerationPlan> {
  const own = drops.filter((drop) => drop.use === 'trained')
  if (own.length === 0) return { drops, earlier: before, leftOut, reason: 'none of its drops can be joined' }
  const all = [...before, ...own.map((drop) => partOf(drop, key.generation))]
  const kept = lastParts(all, settings, ports.maxTrainingSetBytes)
  const joined = await ports.joinSet(key, sourcesOf(previous, kept))
  if (joined.kind === 'unfit') {
    const refused = own.find(({ copy }) => copy === joined.source)
    if (refused !== undefined) Object.assign(refused, { use: 'refused', reason: joined.reason })
    const others = before.filter(({ copy }) => copy !== joined.source)
    const goesOn = previous?.input?.name !== joined.source
    return join(ports, settings, key, {
      previous: goesOn ? previous : undefined,
      before: others,
      leftOut,
      drops,
    })
  }
  for (const drop of own) {
    if (!kept.some((part) => part.id === drop.id))
      Object.assign(drop, { use: 'spare', reason: 'too many drops' })
  }
  const earlier = kept.filter((part) => part.generation !== key.generation)
  return { drops, earlier, leftOut, input: joined.input }
}

async function previousManifest(ports: PlanAppendPorts, key: RunKey): Promise<Manifest | undefined> {
  const run = await ports.readRun({ ...key, generation: key.generation - 1 })
  return run && ports.readManifest(key, run.value.manifest)
}

/** What the previous generation trained on, or would have but for exclusions, oldest first. */
export function partsOf(manifest: Manifest): Part[] {
  const parts = [...trainedOn(manifest), ...(manifest.leftOut ?? [])]
  return parts.sort((one, other) => one.generation - other.generation)
}

/** What the generation trained on, in the order of its set. */
function trainedOn(manifest: Manifest): Part[] {
  const own = manifest.drops.filter((drop) => drop.use === 'trained')
  return [...manifest.earlier, ...own.map((drop) => partOf(drop, manifest.generation))]
}

function partOf({ id, copy = '', sizeBytes }: ManifestDrop, generation: number): Part {
  return { id, generation, copy, sizeBytes }
}

/** Marks each copied drop `trained`, or `refused` when its columns are not those of the set. */
async function refuseOthers(
  ports: PlanAppendPorts,
  key: RunKey,
  before: readonly Part[],
  drops: readonly ManifestDrop[],
): Promise<void> {
  const first = before[0] && (await ports.readColumns(key, before[0].copy))
  let columns = first?.kind === 'columns' ? first.names : undefined
  for (const drop of drops) {
    if (drop.copy === undefined) continue
    const own = await ports.readColumns(key, drop.copy)
    if (own.kind === 'columns') columns ??= own.names
    const reason = own.kind === 'unfit' ? own.reason : differenceOf(columns ?? own.names, own.names)
    Object.assign(drop, reason === undefined ? { use: 'trained' } : { use: 'refused', reason })
  }
}

/** Why a file's columns are not those of the set; undefined when they are, in whatever order. Pure. */
export function differenceOf(columns: readonly string[], own: readonly string[]): string | undefined {
  const missing = columns.filter((name) => !own.includes(name))
  const unknown = own.filter((name) => !columns.includes(name))
  if (missing.length === 0 && unknown.length === 0) {
    return own.length === columns.length ? undefined : 'it has a column twice'
  }
  const parts = [
    missing.length > 0 ? `missing ${listed(missing)}` : '',
    unknown.length > 0 ? `unknown ${listed(unknown)}` : '',
  ]
  return `its columns differ: ${parts.filter((part) => part !== '').join('; ')}`
}

const mostListed = 20
const longestListed = 80

/** The reason stands in a row's cell: neither thousands of names nor one that is a whole file may fill it. */
function listed(names: readonly string[]): string {
  const short = names.map((name) =>
    name.length > longestListed ? `${name.slice(0, longestListed - 1)}…` : name,
  )
  if (short.length <= mostListed) return short.join(', ')
  return [...short.slice(0, mostListed - 1), `${short.length - mostListed + 1} more`].join(', ')
}

/** The last parts that fit; at least the newest. A last line end that is missing is added when they are joined. Pure. */
export function lastParts(
  parts: readonly Part[],
  limits: { appendDrops?: number | undefined; appendBytes?: number | undefined },
  maxTrainingSetBytes: number,
): Part[] {
  const mostBytes = Math.min(limits.appendBytes ?? defaultBytes, maxTrainingSetBytes)
  const kept: Part[] = []
  let bytes = 0
  for (const part of parts.toReversed()) {
    bytes += part.sizeBytes + 1
    if (kept.length > 0 && (bytes > mostBytes || kept.length >= (limits.appendDrops ?? defaultDrops))) break
    kept.unshift(part)
  }
  return kept
}

/** Goes on from the previous joined set where all of it is used again; else joins every part anew. */
function sourcesOf(previous: Manifest | undefined, kept: readonly Part[]): string[] {
  const before = previous === undefined ? [] : trainedOn(previous)
  const goesOn = before.length > 0 && before.every((part, index) => kept[index]?.id === part.id)
  if (previous?.input === undefined || !goesOn) return kept.map((part) => part.copy)
  return [previous.input.name, ...kept.slice(before.length).map((part) => part.copy)]
}
