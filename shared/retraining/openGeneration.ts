import { breakerAfter } from './breaker.ts'
import { concurrently } from './concurrently.ts'
import type { Drop } from './drop.ts'
import { type GenerationPlan, type Manifest, type ManifestDrop, planLatest } from './generation.ts'
import { withHappenings } from './happenings.ts'
import { emptyHead, type Head } from './head.ts'
import type { ModelKey, RunKey } from './names.ts'
import { planAgain } from './planAgain.ts'
import { type PlanAppendPorts, planAppend } from './planAppend.ts'
import type { Run } from './run.ts'
import type { ModelSettings } from './settings.ts'
import type { Clock, Log, RunStore, Stored, TrainingSets } from './stores.ts'

/** What opening a generation needs. */
export type OpenGenerationPorts = Pick<RunStore, 'commit'> &
  Pick<TrainingSets, 'copyDrop' | 'writeManifest'> &
  PlanAppendPorts &
  Pick<Clock, 'now'> & { log: Log }

/** A generation that was committed, with its drops. */
export type Opened = { key: RunKey; drops: readonly ManifestDrop[] }

const copiesAtOnce = 4

/** What can be copied within an invocation's five minutes, with much to spare; the rest is the next generation's. */
export const mostDropsAGeneration = 10_000
const mostBytesAGeneration = 4 * 1024 ** 3

/**
 * Opens the next generation of a model with all waiting drops, oldest first (10,000 or 4 GiB at most): copies each, writes the manifest under a fresh name, and
 * commits head and run in one transaction. A generation with nothing to train on ends at once and is not in flight.
 * Answers undefined when somebody else changed the head meanwhile: nothing was committed then.
 */
export async function openGeneration(
  ports: OpenGenerationPorts,
  settings: ModelSettings,
  stored: Stored<Head> | undefined,
  waiting: readonly Drop[],
): Promise<Opened | undefined> {
  const pending = takeable(waiting)
  const head = stored?.value ?? emptyHead
  const key = { customerId: settings.customerId, model: settings.model, generation: head.lastGeneration + 1 }
  const plan = await planGeneration(ports, settings, key, { head, pending })
  const manifest = await ports.writeManifest(manifestOf(key, plan, ports.now()))
  const opened = newRun(key, { plan, manifest, settings, head }, ports.now())
  const next = withHappenings(undefined, { run: opened, head: openedHead(head, opened, plan) })
  const { run } = next
  const committed = await ports.commit(key, {
    head: { value: next.head, etag: stored?.etag },
    runs: [{ value: run }],
  })
  if (committed === 'conflict') return undefined
  ports.log.info({ ...key, drops: pending.length }, `generation opened: ${run.timeline.at(-1)?.text}`)
  return { key, drops: plan.drops }
}

/** The oldest of what waits that can be copied in one go; at least one. Pure. */
function takeable(waiting: readonly Drop[]): readonly Drop[] {
  let bytes = 0
  const end = waiting.findIndex(({ sizeBytes }, index) => {
    bytes += sizeBytes
    return index >= mostDropsAGeneration || (index > 0 && bytes > mostBytesAGeneration)
  })
  return end < 0 ? waiting : waiting.slice(0, end)
}

async function planGeneration(
  ports: OpenGenerationPorts,
  settings: ModelSettings,
  key: RunKey,
  { head, pending }: { head: Head; pending: readonly Drop[] },
): Promise<GenerationPlan> {
  if (pending.length === 0) return planAgain(ports, settings, key)
  const own: ModelKey = { customerId: key.customerId, model: key.model }
  const outcomes = await concurrently(pending, copiesAtOnce, (drop) => ports.copyDrop(own, drop))
  if (settings.trainingData === 'append') return planAppend(ports, settings, key, { pending, outcomes })
  return planLatest(pending, outcomes, head.trainedOn)
}

function manifestOf(key: RunKey, plan: GenerationPlan, openedAtMs: number): Manifest {
  return {
    v: 1,
    ...key,
    openedAtMs,
    drops: plan.drops,
    earlier: plan.earlier ?? [],
    leftOut: plan.leftOut,
    input: plan.input,
  }
}

function openedHead(head: Head, run: Run, plan: GenerationPlan): Head {
  const isOpen = run.state === 'queued'
  return {
    ...head,
    lastGeneration: run.generation,
    inFlight: isOpen ? run.generation : undefined,
    marksOf: run.generation,
    startRequestedForAtMs: undefined,
    trainedOn: plan.newest ?? head.trainedOn,
    retrain: undefined,
    breaker: isOpen
      ? head.breaker
      : breakerAfter(head.breaker, run, { ...run, reason: run.reason ?? '' }, run.openedAtMs),
  }
}

function newRun(
  key: RunKey,
  from: { plan: GenerationPlan; manifest: string; settings: ModelSettings; head: Head },
  nowMs: number,
): Run {
  const { plan } = from
  const refused = plan.drops.some((drop) => drop.use === 'refused')
  const state = plan.input !== undefined ? 'queued' : refused ? 'failed' : 'superseded'
  const text = plan.input === undefined ? `${state}: ${plan.reason}` : queuedText(plan, from.head)
  return {
    ...key,
    state,
    attempt: 1,
    platformFailures: 0,
    manifest: from.manifest,
    input: plan.input,
    trainedOn: plan.newest,
    trainingService: from.settings.trainingService,
    usualJobSeconds: from.head.usualJobSeconds,
    reason: plan.input === undefined ? plan.reason : undefined,
    openedAtMs: nowMs,
    updatedAtMs: nowMs,
    endedAtMs: plan.input === undefined ? nowMs : undefined,
    timeline: [{ atMs: nowMs, text }],
  }
}

/** What it trains on and, where somebody asked for it, who. */
function queuedText({ drops, earlier = [] }: GenerationPlan, { retrain }: Head): string {
  const text =
    drops.length === 0
      ? `queued again with ${countOf(earlier.length, 'earlier drop')}`
      : `queued with ${countOf(drops.length, 'drop')}`
  return retrain === undefined ? text : `${text}, asked for by ${retrain.by}: ${retrain.reason}`
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
