import type { Cells } from '../../shared/lib/tableStore.ts'
import { parseDropPath } from '../../shared/retraining/names.ts'
import { unfinished } from './checkRows.ts'
import type { Landed } from './people.ts'
import type { Sim } from './sim.ts'
import type { ModelView } from './witness.ts'
import { allModels, type World } from './world.ts'

/**
 * What is still to be done, in words: nothing when every drop and every run has come to its end and, where reconcile
 * `mends`, every endpoint names the live model.
 */
export function unfinishedWork(world: World, landed: Landed, mends: boolean): string[] {
  const left: string[] = landed.toCome > 0 ? [`${landed.toCome} files are still to be dropped`] : []
  for (const view of world.witness.models.values()) {
    if (view.pending.size > 0) left.push(`${view.partition}: ${view.pending.size} drops wait`)
    if (view.head.inFlight !== undefined) left.push(`${view.partition}: ${view.head.inFlight} is in flight`)
    if (view.head.marksOf !== undefined) left.push(`${view.partition}: marks are incomplete`)
    const drift = mends ? driftOf(world, view) : undefined
    if (drift !== undefined) left.push(drift)
    for (const [generation, run] of view.runs) {
      if (unfinished.has(run.state)) left.push(`run ${generation} of ${view.partition} is ${run.state}`)
    }
  }
  for (const name of landed.current.keys()) if (isForgotten(world, landed, name)) left.push(`${name} was not taken`)
  return left
}

/** Whether the version that is there now has no record, neither as a drop nor as unclaimed. */
function isForgotten(world: World, landed: Landed, name: string): boolean {
  const etag = landed.current.get(name)
  if (landed.versions.get(`${name} ${etag}`)?.content === '') return false
  const path = parseDropPath(name)
  const isKnown =
    path.kind === 'fits' &&
    allModels(world.fleet).some(({ customerId, model }) => customerId === path.customerId && model === path.model)
  if (!isKnown) return ![...world.witness.unclaimed.values()].some((row) => row.name === name)
  const view = world.witness.modelOf(`${path.customerId}|${path.model}`)
  return ![...view.drops.values()].some((drop) => drop.name === name && unquoted(drop.blobEtag) === etag)
}

function unquoted(etag: unknown): string {
  return String(etag).replace(/^"|"$/g, '')
}

/** What must hold once everything is quiet: L1, S3 for every drop, dead letters, and what the endpoints answer. */
export function checkEnd(sim: Sim, world: World, landed: Landed, mends: boolean): void {
  for (const text of unfinishedWork(world, landed, mends)) sim.violate('L1', `never finished: ${text}`)
  for (const view of world.witness.models.values()) {
    for (const drop of view.drops.values()) checkDropAtEnd(sim, world, landed, { view, drop })
  }
  for (const letter of world.witness.deadLetters.values()) {
    if (!letter.source || !letter.reason || !letter.body) sim.violate('L3', `a dead letter says too little`)
  }
}

type Subject = { view: ModelView; drop: Cells }

function checkDropAtEnd(sim: Sim, world: World, landed: Landed, { view, drop }: Subject): void {
  const name = `drop ${drop.name} ${drop.blobEtag}`
  const version = landed.versions.get(`${drop.name} ${drop.blobEtag}`)
  if (version === undefined) return sim.violate('S3', `${name} is recorded, but never landed`)
  if (drop.state === 'unchanged' && !isKept(view, landed, version)) {
    return sim.violate('S3', `${name} is recorded as unchanged, but no generation has its content`)
  }
  if (drop.state !== 'taken') return
  const listed = view.manifests.get(Number(drop.generation))?.drops.find(({ id }) => id === drop.id)
  if (listed === undefined) return sim.violate('S3', `${name} is in no manifest`)
  if (listed.use !== drop.use) sim.violate('S3', `${name} is ${drop.use}, its manifest says ${listed.use}`)
  if (listed.use === 'overwritten' && landed.current.get(String(drop.name)) === drop.blobEtag) {
    sim.violate('S3', `${name} is recorded as overwritten, but it is still there`)
  }
  if (listed.copy === undefined) {
    if (listed.reason === undefined) sim.violate('S3', `${name} was not trained on without a reason`)
  } else if (world.stores.containers.trainingSets.text(listed.copy) !== version.content) {
    sim.violate('S3', `the copy of ${name} is not what landed`)
  }
}

/** Whether a generation has a copy of the same content under the same name. */
function isKept(view: ModelView, landed: Landed, version: { name: string; content: string }): boolean {
  return [...view.drops.values()].some(
    (other) =>
      other.name === version.name &&
      (other.use === 'trained' || other.use === 'spare') &&
      landed.versions.get(`${other.name} ${other.blobEtag}`)?.content === version.content,
  )
}

/** S1: an endpoint that names another model than the live generation's, in words. */
function driftOf(world: World, view: ModelView): string | undefined {
  const settings = allModels(world.fleet).find((one) => `${one.customerId}|${one.model}` === view.partition)
  const endpoint = world.endpoints.endpoints.get(settings?.endpoint.url ?? '')
  if (endpoint === undefined || view.head.live === undefined) return undefined
  const { relativeLocation } = endpoint.names
  if (Number(relativeLocation.split('/')[3]) === view.head.live) return undefined
  return `${endpoint.url} names ${relativeLocation}, live is ${view.head.live}`
}
