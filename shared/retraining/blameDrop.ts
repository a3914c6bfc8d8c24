import { type ExcludeDropPorts, excludeDrop } from './excludeDrop.ts'
import type { Manifest } from './generation.ts'
import type { ModelKey } from './names.ts'
import type { Run } from './run.ts'
import type { TrainingSets } from './stores.ts'
import { firstLine } from './timeline.ts'

/** What finding the drop that made a job fail needs. */
export type BlameDropPorts = ExcludeDropPorts &
  Pick<TrainingSets, 'readManifest'> & {
    /** How many lines a copy has in a joined set, its header not counted. */
    countLines(key: ModelKey, copy: string): Promise<number>
  }

/** A drop that was in a job's input: `name` where the manifest is its own generation's. */
type Part = { id: string; copy: string; name?: string | undefined }

/**
 * Leaves the drops that a failed job names out of later sets: by their name or their copy's, or by a line of the joined
 * set. Answers their names. A set that is one drop's own copy has no later sets to spoil.
 */
export async function blameDrops(ports: BlameDropPorts, run: Run, details: string): Promise<string[]> {
  const manifest = await ports.readManifest(run, run.manifest)
  const parts = partsOf(manifest)
  if (parts.some(({ copy }) => copy === manifest.input?.name)) return []
  const named = parts.filter((part) => isNamed(part, details))
  const byLine = named.length > 0 ? undefined : await partAtLine(ports, run, parts, details)
  const blamed = byLine === undefined ? named : [byLine]
  for (const part of blamed) {
    await excludeDrop(
      ports,
      run,
      part.id,
      `named by the failed job of generation ${run.generation}: ${firstLine(details)}`,
    )
  }
  return blamed.map((part) => part.name ?? part.copy)
}

/** What the job read, in its order. */
function partsOf(manifest: Manifest): Part[] {
  return [...manifest.earlier, ...manifest.drops.filter(({ use }) => use === 'trained')].flatMap((part) =>
    part.copy === undefined
      ? []
      : [{ id: part.id, copy: part.copy, name: 'name' in part ? part.name : undefined }],
  )
}

/** Whether a text names the drop: by its whole name, or the name of its file as a word of its own. Pure. */
export function isNamed(part: Part, details: string): boolean {
  if (details.includes(part.copy) || details.includes(part.id)) return true
  if (part.name === undefined) return false
  const file = part.name.slice(part.name.lastIndexOf('/') + 1).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w./-])(?:[\\w.-]+/)*${file}(?![\\w-])`).test(details)
}

/** The part in which the line of the joined set lies that a text names; the header is line 1. */
async function partAtLine(
  ports: BlameDropPorts,
  run: Run,
  parts: readonly Part[],
  details: string,
): Promise<Part | undefined> {
  const line = Number(/\bline (\d{1,12})\b/i.exec(details)?.[1] ?? 0)
  let last = 1
  for (const part of line > 1 ? parts : []) {
    last += await ports.countLines(run, part.copy)
    if (line <= last) return part
  }
  return undefined
}
