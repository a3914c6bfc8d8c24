import type { ModelKey } from '../../shared/retraining/names.ts'
import { isEnded } from '../../shared/retraining/run.ts'
import type { CustomerLine } from '../view/lines.ts'
import { isBusy, type Observation, type ObservePorts, observe, toLine } from './observe.ts'

/** A model to follow until a generation above `above` is live or has ended; `sinceMs` is when its drop was sent. */
export type Followed = ModelKey & { above: number; sinceMs: number }

/** What following needs: observing, a clock, and where the lines go. */
export type FollowPorts = ObservePorts & {
  now(): number
  /** Settles when it is time to look again: soon while something goes on. */
  nextLook(isActive: boolean): Promise<void>
  show(lines: readonly CustomerLine[]): void
  /** Throws when a part of the stack has ended: there is nothing to wait for any more. */
  assertRunning(): void
}

const patienceMs = 5 * 60_000

/** Whether what is followed is over: a higher generation is live, or its run ended and nothing goes on. Pure. */
export function isOver(followed: Followed, seen: Observation): boolean {
  if ((seen.head.live ?? 0) > followed.above) return !isBusy(seen)
  return (
    seen.run !== undefined && seen.run.generation > followed.above && isEnded(seen.run.state) && !isBusy(seen)
  )
}

/** Shows the models' lines until all are over, and answers how each ended. Throws after 5 minutes without any change. */
export async function follow(ports: FollowPorts, models: readonly Followed[]): Promise<Observation[]> {
  let lastState = ''
  let changedAtMs = ports.now()
  for (;;) {
    ports.assertRunning()
    const seen = await Promise.all(models.map((model) => observe(ports, model)))
    const lines = seen.map((one, i) => toLine(one, models[i]?.sinceMs ?? 0, ports.now()))
    ports.show(lines)
    if (seen.every((one, i) => models[i] !== undefined && isOver(models[i], one))) return seen
    const state = lines.map((line) => `${line.customer} ${line.state} ${line.share ?? ''}`).join(', ')
    if (state !== lastState) changedAtMs = ports.now()
    lastState = state
    if (ports.now() - changedAtMs > patienceMs) {
      throw new Error(`Cannot finish the round: nothing changed for 5 minutes (${state})`)
    }
    await ports.nextLook(true)
  }
}
