import type { Cells } from '../../shared/lib/tableStore.ts'
import { checkRollback } from './checkRollback.ts'
import type { Sim } from './sim.ts'
import type { ModelView } from './witness.ts'

/** The state table of ARCHITECTURE.md; a live run may be put back, and retires when another is live. */
const mayFollow: Readonly<Record<string, readonly string[]>> = {
  queued: ['submitted', 'failed', 'cancelled', 'superseded'],
  submitted: ['training', 'queued', 'failed', 'cancelled'],
  training: ['trained', 'queued', 'failed', 'cancelled'],
  trained: ['updating', 'rejected', 'awaitingApproval', 'superseded', 'failed'],
  awaitingApproval: ['updating', 'rejected', 'superseded', 'cancelled'],
  updating: ['live', 'superseded', 'failed'],
  live: ['updating', 'superseded'],
  rejected: ['updating'],
  superseded: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
}

/** What a rollback may bring back. */
const ended: ReadonlySet<string> = new Set(['rejected', 'superseded', 'failed', 'cancelled'])

/** States of a run that is not over. */
export const unfinished: ReadonlySet<unknown> = new Set([
  'queued',
  'submitted',
  'training',
  'trained',
  'updating',
])

/** S1 on the head row: live goes down by a rollback only, the floor never; one generation in flight, numbered without gaps. */
export function checkHead(sim: Sim, view: ModelView, after: Cells): void {
  const { head: before, partition } = view
  checkRollback(sim, view, after)
  checkScheduled(sim, view, after)
  for (const name of ['floor', 'barred', 'lastGeneration'] as const) {
    if (number(after[name]) < number(before[name])) {
      sim.violate('S1', `${name} of ${partition} goes down from ${before[name]} to ${after[name] ?? 'none'}`)
    }
  }
  if (number(after.lastGeneration) > number(before.lastGeneration) + 1) {
    sim.violate('S3', `${partition} opens generation ${after.lastGeneration} after ${before.lastGeneration}`)
  }
  if (before.paused !== undefined && number(after.lastGeneration) > number(before.lastGeneration)) {
    sim.violate('pause', `${partition} opens generation ${after.lastGeneration} while it is paused`)
  }
  if (before.inFlight === undefined || after.inFlight === undefined || after.inFlight === before.inFlight)
    return
  sim.violate(
    'order',
    `${partition}: generation ${after.inFlight} opens while ${before.inFlight} is in flight`,
  )
}

/** A time of a schedule starts at most one generation: its head goes on to a later one. */
function checkScheduled(sim: Sim, { head: before, partition }: ModelView, after: Cells): void {
  if (before.schedule === undefined || after.schedule === undefined || before.schedule === after.schedule)
    return
  const [was, is] = [before, after].map((head) => Date.parse(JSON.parse(String(head.schedule)).nextAt))
  if (is !== undefined && was !== undefined && is < was)
    sim.violate('schedule', `${partition} goes back from ${was} to ${is}`)
}

/** The state table, S6, and attempts, on a run's row. */
export function checkRun(sim: Sim, view: ModelView, after: Cells): void {
  const generation = number(after.generation)
  const name = `run ${generation} of ${view.partition}`
  const before = view.runs.get(generation)
  if (before === undefined) return
  const [was, is] = [String(before.state), String(after.state)]
  const isRolledBackTo = is === 'trained' && after.warrant === 'rollback' && ended.has(was)
  if (was !== is && mayFollow[was]?.includes(is) !== true && !isRolledBackTo) {
    sim.violate('states', `${name} goes from ${was} to ${is}`)
  }
  if ((is === 'updating' || is === 'live') && after.warrant === undefined) {
    sim.violate('S6', `${name} is ${is} without a warrant`)
  }
  if (was !== is && is === 'updating') {
    const problem = warrantProblem(after)
    if (problem !== undefined) sim.violate('S6', `${name} is updating ${problem}`)
  }
  const attempts = number(after.attempt) - number(before.attempt)
  if (attempts < 0 || attempts > 1)
    sim.violate('S2', `${name} goes from attempt ${before.attempt} to ${after.attempt}`)
  if (is === 'failed' && after.reason === undefined) sim.violate('L1', `${name} failed without a reason`)
}

/** S6: what the warrant rests on stands on the run. */
function warrantProblem({ warrant, override, decision }: Cells): string | undefined {
  const decided = JSON.parse(String(decision ?? '{}')) as { verdict?: string }
  if (warrant === 'override' && !String(override).includes('"approved"')) return 'though nobody approved it'
  if (warrant === 'gatePassed' && decided.verdict !== 'update') return 'though the gate did not pass it'
  return undefined
}

function number(cell: unknown): number {
  return typeof cell === 'number' ? cell : 0
}
