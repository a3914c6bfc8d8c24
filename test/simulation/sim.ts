import type { Agenda } from './agenda.ts'
import type { CallKind, Faults } from './faults.ts'
import type { Random } from './random.ts'
import type { Trace } from './trace.ts'

/** A promise that was broken: which one (S1 ... L4, or the name of an order), and how. */
export type Violation = { promise: string; text: string; atMs: number }

/** What every part of a simulated world shares. */
export type Sim = {
  random: Random
  agenda: Agenda
  faults: Faults
  trace: Trace
  violations: Violation[]
  violate(promise: string, text: string): void
}

/** One worker process. A crash ends all it was doing; it is back some seconds later, with its clock as wrong as before. */
export type Host = { name: string; skewMs: number; isUp: boolean; running: Set<Invocation> }

/**
 * One function at work. `alive` ends with its host: its promises then never go on. `wasFrozen`: it stood still for longer
 * than a claim lasts, so that what it does then may come too late.
 */
export type Invocation = { id: string; host: Host; alive: boolean; wasFrozen: boolean }

/** Does `apply`, an effect on the world, when the scheduler says so and with the faults it says. */
export type Call = <Answer>(
  invocation: Invocation,
  what: CallSpec<Answer>,
  apply: () => Answer | Promise<Answer>,
) => Promise<Answer>

/**
 * What a call is, for faults and trace. `conflict`: the answer that says another one was faster; `mayBeSpurious`: also
 * when nobody was (a row that isn't there is never said to exist).
 */
export type CallSpec<Answer> = {
  kind: CallKind
  text: () => string
  conflict?: Answer
  mayBeSpurious?: boolean
}
