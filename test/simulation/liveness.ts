import type { Cells } from '../../shared/lib/tableStore.ts'
import { parseDropPath } from '../../shared/retraining/names.ts'
import { checkLineage, isUntold } from './checkLineage.ts'
import { pinOf } from './checkRollback.ts'
import { unfinished } from './checkRows.ts'
import type { Landed } from './people.ts'
import type { Profile } from './profiles.ts'
import type { Sim } from './sim.ts'
import type { CommittedManifest, ModelView } from './witness.ts'
import { allModels, type World } from './world.ts'

/**
 * What is still to be done, in words: nothing when every drop and every run has come to its end, every slot is free and,
 * where reconcile runs, every endpoint names the live model.
 */
export function unfinishedWork(world: World, landed: Landed, profile: Profile): string[] {
  const left: string[] = landed.toCome > 0 ? [`${landed.toCome} files are still to be dropped`] : []
  for (const view of world.witness.models.values()) {
    if (view.pending.size > 0) left.push(`${view.partition}: ${view.pending.size} drops wait`)
    if (view.head.inFlight !== undefined) left.push(`${view.partition}: ${view.head.inFlight} is in flight`)
    if (view.head.approved !== undefined)
      left.push(`${view.partition}: ${view.head.approved} are approved and not live`)
    if (view.head.marksOf !== undefined) left.push(`${view.partition}: marks are incomplete`)
    if (isUntold(view)) left.push(`${view.partition}: something was not told`)
    const drift = profile.reconciles ? driftOf(world, view) : undefined
    if (drift !== undefined) left.push(drift)
    for (const [generation, run] of view.runs) {
      if (unfinished.has(run.state)) left.push(`run ${generation} of ${view.partition} is ${run.state}`)
    }
  }
  if (!profile.crashesPollsOnly)
    for (const slot of world.witness.slots.keys())
      if (!/(health|staging)$/.test(slot)) left.push(`L4: ${slot} is held`)
  for (const name of landed.current.keys())
    if (isForgotten(world, landed, name)) left.push(`${name} was not taken`)
  return left
}

/** Whether the version that is there now has no record, neither as a drop nor as unclaimed. */
function isForgotten(world: World, landed: Landed, name: string): boolean {
  const etag = landed.current.get(name)
  if (landed.versions.get(`${name} ${etag}`)?.content === '') return false
  const path = parseDropPath(name)
  const isKnown =
    path.kind === 'fits' &&
    allModels(world.fleet).some(
      ({ customerId, model }) => customerId === path.customerId && model === path.model,
    )
  if (!isKnown) return ![...world.witness.unclaimed.values()].some((row) => row.name === name)
  const view = world.witness.modelOf(`${path.customerId}|${path.model}`)
  return ![...view.drops.values()].some((drop) => drop.name === name && unquoted(drop.blobEtag) === etag)
}

function unquoted(etag: unknown): string {
  return String(etag).replace(/^"|"$/g, '')
}

/** What must hold once everything is quiet: L1, S3 for every drop, dead letters, and what the endpoints answer. */
export function checkEnd(sim: Sim, world: World, landed: Landed, profile: Profile): void {
  for (const text of unfinishedWork(world, landed, profile)) {
    sim.violate(text.startsWith('L4') ? 'L4' : 'L1', `never finished: ${text}`)
  }
  for (const view of world.witness.models.values()) {
    for (const drop of view.drops.values()) {
      const problem = problemOf(world, landed, { view, drop })
      if (problem !== undefined) sim.violate('S3', `drop ${drop.name} ${drop.blobEtag} ${problem}`)
    }
  }
  for (const view of world.witness.models.values()) {
    checkRunsAtEnd(sim, world, view)
    checkLineage(sim, world, view)
    for (const [generation, manifest] of view.manifests) {
      const problem = inputProblem(world, manifest)
      if (problem !== undefined)
        sim.violate('S3', `generation ${generation} of ${view.partition}: ${problem}`)
    }
  }
}

/** What is wrong with the one blob that a generation's job reads: it holds its drops' rows and the earlier ones', each once. */
function inputProblem(world: World, manifest: CommittedManifest): string | undefined {
  const text = (name: string) => world.stores.containers.trainingSets.text(name)
  if (manifest.input === undefined) return undefined
  const trained = manifest.drops.flatMap(({ use, copy }) =>
    use === 'trained' && copy !== undefined ? [copy] : [],
  )
  const copies = [...manifest.earlier.map(({ copy }) => copy), ...trained]
  const expected = copies.flatMap((copy) => rowsOf(text(copy)))
  const rows = rowsOf(text(manifest.input.name))
  return expected.toSorted().join() === rows.toSorted().join()
    ? undefined
    : `its input has the rows ${rows.join(' ')}, its drops ${expected.join(' ')}`
}

function rowsOf(csv: string): string[] {
  return csv.trim().split('\n').slice(1)
}

/** One live run, the head's; a run that gave up has its letter, which says why and what is needed to send it again. */
function checkRunsAtEnd(sim: Sim, world: World, view: ModelView): void {
  const letters = [...world.witness.deadLetters.values()]
  for (const letter of letters) {
    if (!letter.source || !letter.reason || !letter.body) sim.violate('L3', 'a dead letter says too little')
  }
  const pin = pinOf(view.head)
  if (pin !== undefined && view.head.live !== undefined && view.head.live !== pin.generation) {
    sim.violate('S1', `${view.partition} is pinned to ${pin.generation}, live is ${view.head.live}`)
  }
  for (const [generation, run] of view.runs) {
    const name = `run ${generation} of ${view.partition}`
    if (run.state === 'live' && generation !== view.head.live) {
      sim.violate('S1', `${name} says live, the head says ${view.head.live}`)
    }
    if (generation === view.head.live && run.state !== 'live')
      sim.violate('S1', `${name} is live and says ${run.state}`)
    if (run.state !== 'failed' || run.platformFailures !== 3) continue
    const listed = letters.some(
      (letter) =>
        letter.generation === generation && `${letter.customerId}|${letter.model}` === view.partition,
    )
    if (!listed) sim.violate('L3', `${name} gave up without a dead letter: ${run.reason}`)
  }
}

type Subject = { view: ModelView; drop: Cells }

/** What is wrong with a drop's record once everything is quiet (S3), in words. */
function problemOf(world: World, landed: Landed, { view, drop }: Subject): string | undefined {
  const version = landed.versions.get(`${drop.name} ${drop.blobEtag}`)
  if (version === undefined) return 'is recorded, but never landed'
  if (drop.state === 'unchanged' && !isKept(view, landed, version)) {
    return 'is recorded as unchanged, but no generation has its content'
  }
  if (drop.state !== 'taken') return undefined
  const listed = view.manifests.get(Number(drop.generation))?.drops.find(({ id }) => id === drop.id)
  if (listed === undefined) return 'is in no manifest'
  if (listed.use !== drop.use) return `is ${drop.use}, its manifest says ${listed.use}`
  if (listed.use === 'overwritten' && landed.current.get(String(drop.name)) === drop.blobEtag) {
    return 'is recorded as overwritten, but it is still there'
  }
  if (listed.copy === undefined)
    return listed.reason === undefined ? 'was left out without a reason' : undefined
  const copy = world.stores.containers.trainingSets.text(listed.copy)
  return copy === version.content ? undefined : 'was copied, but the copy is not what landed'
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
