import type { Head } from './head.ts'
import type { Life } from './life.ts'
import type { Run } from './run.ts'

/** What is told of a run to those who want to know. */
export type What = 'live' | 'rejected' | 'failed' | 'awaitingApproval'

/**
 * Something that happened to a run and that nobody was told of yet. `sequence`: of going live, see {@link Life}. `failures`:
 * how many runs in a row had failed or were rejected by then.
 */
export type Happening = {
  generation: number
  what: What
  atMs: number
  sequence?: number | undefined
  failures?: number | undefined
}

type Pair = { run: Run; head: Head }

/** Far more than ever wait; the oldest is let go then. */
const mostUntold = 100
const mostLives = 50

/**
 * What a change of run and head means to others, written in the same transaction: the head notes what has to be told, and the
 * run when it went live. A model that is only put back on its endpoint does not go live anew. Pure.
 */
export function withHappenings<Changed extends Pair>(before: Pair | undefined, after: Changed): Changed {
  const what = whatHappened(before, after)
  if (what === undefined) return after
  const { run, head } = after
  const happening: Happening = { generation: run.generation, what, atMs: run.updatedAtMs }
  if (what !== 'live') {
    const failures = what === 'awaitingApproval' ? undefined : head.breaker?.count
    return { ...after, head: noted(head, { ...happening, failures }) }
  }
  const sequence = (head.lives ?? 0) + 1
  const life: Life = { sequence, atMs: run.updatedAtMs, warrant: run.warrant, evidence: run.evidence }
  return {
    ...after,
    run: { ...run, lives: [...(run.lives ?? []), life].slice(-mostLives) },
    head: noted({ ...head, lives: sequence }, { ...happening, sequence }),
  }
}

function noted(head: Head, happening: Happening): Head {
  return { ...head, untold: [...(head.untold ?? []), happening].slice(-mostUntold) }
}

function whatHappened(before: Pair | undefined, { run, head }: Pair): What | undefined {
  if (run.state === 'live') return before?.head.live === head.live ? undefined : 'live'
  if (run.state === before?.run.state) return undefined
  const { state } = run
  return state === 'rejected' || state === 'failed' || state === 'awaitingApproval' ? state : undefined
}

/** What is left to tell once these were told. Pure. */
export function withoutTold(head: Head, told: readonly Happening[]): Head {
  const isTold = (one: Happening) =>
    told.some(
      (other) => other.generation === one.generation && other.what === one.what && other.atMs === one.atMs,
    )
  const left = (head.untold ?? []).filter((one) => !isTold(one))
  return { ...head, untold: left.length === 0 ? undefined : left }
}
