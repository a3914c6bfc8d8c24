import type { Head } from './head.ts'
import { ids, type ModelKey, type RunKey } from './names.ts'
import { neededSets } from './neededSets.ts'
import {
  isNamed,
  type Outlived,
  outlived,
  type RetentionSettings,
  rollbackTargets,
  type Surroundings,
} from './retention.ts'
import { isEnded, type Run } from './run.ts'
import type { Clock, Log, RunStore, Stored, TrainingSets } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What removing what one model has no use for any more needs. */
export type RetainModelPorts = Pick<RunStore, 'readHead' | 'readRun' | 'commit'> &
  Pick<TrainingSets, 'readManifest'> &
  Pick<Clock, 'now'> & {
    log: Log
    retention: RetentionSettings
    /** A model's newest runs, of those below a generation where one is given. */
    readRuns(key: ModelKey, count: number, below?: number): Promise<Run[]>
    removeTrainingSet(key: ModelKey, name: string): Promise<void>
    removeArchived(key: ModelKey, name: string): Promise<void>
    /** Removes the run's row while head and run still are as they were read; `conflict` when either is not. */
    removeRun(key: RunKey, stored: { head: Stored<Head>; run: Stored<Run> }): Promise<'removed' | 'conflict'>
  }

/** What is removed, or would be: the blobs of a run, or its row with its manifest. */
export type Removal = RunKey & { kind: 'training set' | 'model' | 'run'; names: string[] }

const pageSize = 100
/** More runs of one model are looked at in later ticks: the oldest lose what they have, and are no more then. */
const mostRuns = 2_000

/**
 * What of a model has outlived its time. `apply` removes it: first the run's row says what is removed, in one transaction with
 * the head as it was read (so that a rollback at the same moment wins), then the blobs go. Doing it again goes on.
 */
export async function retainModel(
  ports: RetainModelPorts,
  key: ModelKey,
  apply: boolean,
): Promise<Removal[]> {
  const head = await ports.readHead(key)
  if (head === undefined) return []
  const runs = await readAllRuns(ports, key)
  const around: Surroundings = {
    head: head.value,
    rollbackTargets: rollbackTargets(runs, ports.retention.modelsKept),
    trainedLast: runs.find(({ input }) => input !== undefined)?.generation,
  }
  const due = runs
    .map((run) => ({ run, what: outlived(run, around, ports.retention, ports.now()) }))
    .filter(({ run, what }) => run.removing !== undefined || what.trainingSet || what.model || what.row)
  if (due.length === 0) return []
  const needed = await neededSets(ports, key, runs, around)
  const removals: Removal[] = []
  for (const { run, what } of due) {
    removals.push(...(await removeOf(ports, { run, what, needed }, apply)))
  }
  return removals
}

async function readAllRuns(ports: RetainModelPorts, key: ModelKey): Promise<Run[]> {
  const runs: Run[] = []
  let below: number | undefined
  do {
    const page = await ports.readRuns(key, pageSize, below)
    runs.push(...page)
    below = page.length < pageSize ? undefined : page.at(-1)?.generation
  } while (below !== undefined && runs.length < mostRuns)
  return runs
}

type Due = { run: Run; what: Outlived; needed: ReadonlySet<string> }

/** The blobs of a run that go; `isWhole`: none of its training set is left then. */
type Blobs = { sets: string[]; models: string[]; isWhole: boolean }

async function removeOf(ports: RetainModelPorts, due: Due, apply: boolean): Promise<Removal[]> {
  const { run, what } = due
  const key = ids(run)
  const { sets, isWhole } = what.trainingSet ? await setsOf(ports, due) : { sets: [], isWhole: false }
  const models = what.model && run.archive !== undefined ? filesOf(run.archive) : []
  const isRowDue = what.row && (isWhole || run.trainingSetGone === true)
  const removals: Removal[] = []
  if (sets.length > 0) removals.push({ ...key, kind: 'training set', names: sets })
  if (models.length > 0) removals.push({ ...key, kind: 'model', names: models })
  if (isRowDue) removals.push({ ...key, kind: 'run', names: [run.manifest] })
  if (!apply || (removals.length === 0 && !isWhole && run.removing === undefined)) return removals
  await removeBlobs(ports, due, { sets, models, isWhole })
  if (isRowDue) await removeRow(ports, key, run.manifest)
  return removals
}

/** The run's own copies and its input. Copies that later generations use stay until none does. */
async function setsOf(
  ports: RetainModelPorts,
  { run, needed }: Due,
): Promise<{ sets: string[]; isWhole: boolean }> {
  const { drops } = await ports.readManifest(run, run.manifest)
  const own = new Set(drops.flatMap(({ copy }) => copy ?? []))
  if (run.input !== undefined) own.add(run.input.name)
  const sets = [...own].filter((name) => !needed.has(name))
  const isWhole = sets.length === own.size
  return run.input === undefined && !isWhole ? { sets: [], isWhole } : { sets, isWhole }
}

function filesOf({ model, evaluation }: NonNullable<Run['archive']>): string[] {
  return [model.name, evaluation.name]
}

/** So many names at most fit a cell of the run's row, however long they are. */
const mostNames = 80

/** Some blobs at a time. A tick that ends in between begins anew with the first, which are gone then: no matter. */
async function removeBlobs(ports: RetainModelPorts, due: Due, blobs: Blobs): Promise<void> {
  const { sets } = blobs
  for (let from = 0; from + mostNames < sets.length; from += mostNames) {
    const some = { sets: sets.slice(from, from + mostNames), models: [], isWhole: false }
    await removeSome(ports, { ...due, what: { ...due.what, model: false } }, some)
  }
  const last = Math.max(0, Math.ceil(sets.length / mostNames) - 1) * mostNames
  await removeSome(ports, due, { ...blobs, sets: sets.slice(last) })
}

/** The row first: it names what is removed, so that a tick that ends in between is gone on with. */
async function removeSome(ports: RetainModelPorts, { run, what }: Due, blobs: Blobs): Promise<void> {
  const key = ids(run)
  const removing = await mark(ports, key, what, blobs)
  if (removing === undefined) return
  for (const name of removing.sets) await ports.removeTrainingSet(key, name)
  for (const name of removing.models) await ports.removeArchived(key, name)
  await swapRun(ports, key, (fresh) => ({ ...fresh, removing: undefined }))
  const count = removing.sets.length + removing.models.length
  if (count > 0) ports.log.info(key, `removed after its time: ${count} blobs`)
}

/** The manifest goes last: without the row nobody asks for it. */
async function removeRow(ports: RetainModelPorts, key: RunKey, manifest: string): Promise<void> {
  const head = await ports.readHead(key)
  const run = await ports.readRun(key)
  if (head === undefined || run === undefined || isNamed(key.generation, head.value)) return
  if (run.value.trainingSetGone !== true || run.value.archive !== undefined) return
  if ((await ports.removeRun(key, { head, run })) === 'removed') await ports.removeTrainingSet(key, manifest)
}

/** Says in the row what is going to be removed; undefined when the run or its head is not what it was. */
async function mark(
  ports: RetainModelPorts,
  key: RunKey,
  what: Outlived,
  blobs: Blobs,
): Promise<{ sets: string[]; models: string[] } | undefined> {
  const head = await ports.readHead(key)
  const run = await ports.readRun(key)
  if (head === undefined || run === undefined) return undefined
  const isUnderWay = !isEnded(run.value.state) || isNamed(key.generation, head.value)
  if (isUnderWay && run.value.removing === undefined) return undefined
  const before = run.value.removing ?? { sets: [], models: [] }
  const added = isUnderWay ? { sets: [], models: [], isWhole: false } : blobs
  const removing = { sets: [...before.sets, ...added.sets], models: [...before.models, ...added.models] }
  const value = { ...withoutBlobs(run.value, isUnderWay ? undefined : what, added, ports.now()), removing }
  const outcome = await ports.commit(key, { head, runs: [{ value, etag: run.etag }] })
  return outcome === 'committed' ? removing : undefined
}

function withoutBlobs(run: Run, what: Outlived | undefined, blobs: Blobs, nowMs: number): Run {
  const hasSets = blobs.sets.length > 0
  const parts = [hasSets ? 'training set' : '', blobs.models.length > 0 ? 'archived model' : ''].filter(
    Boolean,
  )
  const text = `removed after its time: ${parts.join(' and ')}`
  return {
    ...run,
    input: hasSets ? undefined : run.input,
    trainingSetGone: blobs.isWhole || run.trainingSetGone,
    archive: what?.model === true ? undefined : run.archive,
    timeline: parts.length === 0 ? run.timeline : addEntry(run.timeline, nowMs, text),
  }
}
