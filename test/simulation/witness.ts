import type { Cells, RowChange } from '../../shared/lib/tableStore.ts'
import { checkHead, checkRun } from './checkRows.ts'
import { canary } from './containers.ts'
import type { Sim } from './sim.ts'

/** A generation's manifest as it was committed, reduced to what promises are about. */
export type CommittedManifest = {
  drops: { id: string; name: string; etag: string; use: string; reason?: string; copy?: string }[]
  earlier: { copy: string }[]
  input?: { name: string }
}

/** One model's rows as they are now, and what was ever committed. Keys of `runs` are generations. */
export type ModelView = {
  partition: string
  head: Cells
  runs: Map<number, Cells>
  drops: Map<string, Cells>
  pending: Set<string>
  manifests: Map<number, CommittedManifest>
  /** Which generation each drop is in. */
  taken: Map<string, number>
  /** The last generation that was open when somebody rolled back. */
  rolledBackAt?: number
}

/** Watches every write from outside and says when a promise is broken. */
export type Witness = {
  models: Map<string, ModelView>
  deadLetters: Map<string, Cells>
  unclaimed: Map<string, Cells>
  slots: Map<string, Cells>
  waiting: Map<string, Cells>
  written(table: string, partition: string, changes: readonly RowChange[]): void
  /** Searches text that leaves the app for what must never be in it. */
  searched(sink: string, text: string): void
  modelOf(partition: string): ModelView
  /** Which generation's job reads this blob, from the committed manifests. */
  generationOfInput(blob: string): { partition: string; generation: number } | undefined
}

const leaks = new RegExp(`${canary}|${base64Parts(canary).join('|')}`)

/**
 * A witness over the storage of a simulated world; `readManifest` reads a blob of `training-sets`. `updating` is told when a
 * model's endpoint is claimed, `granted` when a run gets a slot.
 */
export function createWitness(
  sim: Sim,
  readManifest: (name: string) => string,
  told: { updating(partition: string): void; granted(slot: Cells): void },
): Witness {
  const models = new Map<string, ModelView>()
  const inputs = new Map<string, { partition: string; generation: number }>()
  const kept = { deadLetters: newRows(), unclaimed: newRows(), slots: newRows(), waiting: newRows() }
  const witness: Witness = {
    models,
    ...kept,
    generationOfInput: (blob) => inputs.get(blob),
    modelOf(partition) {
      const found = models.get(partition)
      if (found !== undefined) return found
      const made = newView(partition)
      models.set(partition, made)
      return made
    },
    searched(sink, text) {
      if (leaks.test(text)) sim.violate('S4', `a secret stands in ${sink}: ${text.slice(0, 300)}`)
    },
    written(table, partition, changes) {
      for (const change of changes) {
        if (change.kind !== 'remove') witness.searched(`table ${table}`, JSON.stringify(change.cells))
        if (change.kind === 'replace' && change.cells.state === 'updating') told.updating(partition)
        if (table === 'models')
          applyChange(sim, witness.modelOf(partition), change, (run) => commitRun(run, partition))
        else if (table in kept) {
          if (isGrant(table, change)) told.granted(change.cells)
          keep(kept[table as keyof typeof kept], partition, change)
        }
      }
    },
  }
  const commitRun = (run: Cells, partition: string) => {
    const text = readManifest(String(run.manifest))
    witness.searched('a manifest', text)
    const manifest = JSON.parse(text) as CommittedManifest
    const generation = Number(run.generation)
    if (manifest.input !== undefined) inputs.set(manifest.input.name, { partition, generation })
    return manifest
  }
  return witness
}

function isGrant(table: string, change: RowChange): change is RowChange & { kind: 'insert' } {
  return table === 'slots' && change.kind === 'insert' && change.rowKey.startsWith('slot|')
}

function newRows(): Map<string, Cells> {
  return new Map()
}

function newView(partition: string): ModelView {
  return {
    partition,
    head: { lastGeneration: 0, floor: 0 },
    runs: new Map(),
    drops: new Map(),
    pending: new Set(),
    manifests: new Map(),
    taken: new Map(),
  }
}

function keep(rows: Map<string, Cells>, partition: string, change: RowChange): void {
  const key = `${partition} ${change.rowKey}`
  if (change.kind === 'remove') rows.delete(key)
  else rows.set(key, change.cells)
}

function applyChange(
  sim: Sim,
  view: ModelView,
  change: RowChange,
  commitRun: (run: Cells) => CommittedManifest,
): void {
  const [kind, rest = ''] = [change.rowKey.split('|')[0], change.rowKey.split('|').at(-1)]
  if (kind === 'pending') {
    if (change.kind === 'remove') view.pending.delete(change.rowKey)
    else view.pending.add(change.rowKey)
    return
  }
  if (change.kind === 'remove') {
    sim.violate('S3', `row ${change.rowKey} of ${view.partition} was removed`)
    return
  }
  const { cells } = change
  if (kind === 'head') {
    checkHead(sim, view, cells)
    view.head = cells
  } else if (kind === 'run') {
    if (change.kind === 'insert') commitManifest(sim, view, Number(cells.generation), commitRun(cells))
    checkRun(sim, view, cells)
    view.runs.set(Number(cells.generation), cells)
  } else if (kind === 'drop') {
    checkDrop(sim, view, rest, cells)
    view.drops.set(rest, cells)
  }
}

function commitManifest(sim: Sim, view: ModelView, generation: number, manifest: CommittedManifest): void {
  for (const { id, name } of manifest.drops) {
    const before = view.taken.get(id)
    if (before !== undefined) {
      sim.violate('S3', `drop ${name} of ${view.partition} is in generations ${before} and ${generation}`)
    }
    if (!view.drops.has(id))
      sim.violate('S3', `generation ${generation} names ${name}, which was never accepted`)
    view.taken.set(id, generation)
  }
  view.manifests.set(generation, manifest)
}

function checkDrop(sim: Sim, view: ModelView, id: string, cells: Cells): void {
  if (cells.state !== 'taken') return
  if (view.taken.get(id) !== cells.generation) {
    const text = `drop ${cells.name} of ${view.partition} is marked as taken by generation ${cells.generation}`
    sim.violate('S3', `${text}, whose committed manifest does not name it`)
  }
}

/** What base64 makes of a text at each of the three places where it may begin. */
function base64Parts(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${text}`).toString('base64')
    return encoded.slice(before === 0 ? 0 : before + 1, -4).replace(/[+/]/g, '\\$&')
  })
}
