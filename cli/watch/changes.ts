import type { ModelLine } from '../status/models.ts'

/** A model as watching sees it: the state at a glance (absent where its rows can't be read), and its newest run. */
export type Watched = Pick<ModelLine, 'customerId' | 'model' | 'state' | 'newest'>

/** One thing that changed: a run's step, or the state of the whole model (paused, quarantined). `at`: ISO. */
export type Change = {
  at: string
  customerId: string
  model: string
  generation?: number | undefined
  state: string
  reason?: string | undefined
}

/** What was seen last, by model. */
export type Seen = Map<string, Watched>

/**
 * What changed since the last look, and the model as it is from then on noted in `seen`. The first look at a fleet
 * (`isFirst`) is no change; a model that comes later is.
 */
export function noteChanges(
  seen: Seen,
  now: readonly Watched[],
  { isFirst, at }: { isFirst: boolean; at: string },
): Change[] {
  return now.flatMap((model) => {
    const name = `${model.customerId}/${model.model}`
    const before = seen.get(name)
    seen.set(name, model)
    return isFirst ? [] : changesOf(before, model, at)
  })
}

function changesOf(before: Watched | undefined, now: Watched, at: string): Change[] {
  const { customerId, model, newest: run, state = 'damaged' } = now
  const changes: Change[] = []
  const isStep =
    run !== undefined && (run.generation !== before?.newest?.generation || run.state !== before.newest.state)
  if (isStep) {
    const { generation, state, updatedAt, reason } = run
    changes.push({ at: updatedAt, customerId, model, generation, state, reason })
  }
  if ((isHeld(state) || isHeld(before?.state)) && state !== before?.state) {
    changes.push({ at, customerId, model, state: isHeld(state) ? state : 'resumed' })
  }
  return changes
}

/** States that no run has: something holds the whole model. */
function isHeld(state: string | undefined): boolean {
  return state === 'paused' || state === 'quarantined' || state === 'damaged'
}

const steps = ['queued', 'submitted', 'training', 'trained', 'updating']

/** Whether the model's newest run is under way. Pure. */
export function isBusy({ newest }: Watched): boolean {
  return newest !== undefined && steps.includes(newest.state)
}
