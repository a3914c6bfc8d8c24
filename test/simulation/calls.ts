import { RetryableError } from '../../shared/retraining/errors.ts'
import type { FaultKind } from './faults.ts'
import type { Random } from './random.ts'
import type { Call, CallSpec, Invocation, Sim } from './sim.ts'

/** The longest stall and the time a caller waits for an answer, in ms: together well below a claim. */
const longestStallMs = 30_000
const patienceMs = 30_000

type Ends<Answer> = { resolve(answer: Answer): void; reject(error: Error): void }

/**
 * Every effect is a point where the scheduler decides who goes on: a call takes effect some virtual time after it was
 * made and is answered some time after that, and others act in between. Faults come here.
 */
export function createCall(
  sim: Sim,
  crash: (invocation: Invocation) => void,
  mayCrash: (invocation: string) => boolean,
): Call {
  return (invocation, what, apply) =>
    new Promise((resolve, reject) => {
      const { agenda, random, faults } = sim
      const drawn = faults.ofCall(what.kind)
      const fault = isCrash(drawn) && !mayCrash(invocation.id) ? undefined : drawn
      if (fault === 'freeze') invocation.wasFrozen = true
      const stallMs = stallOf(random, fault)
      const stallsFirst = stallMs > 0 && random.chance(0.5)
      const replyMs = stallMs > 0 && !stallsFirst ? stallMs : random.chance(0.5) ? 0 : latencyMs(random)
      agenda.after(latencyMs(random) + (stallsFirst ? stallMs : 0), () => {
        if (!invocation.alive) return
        if (fault !== undefined) faults.count(fault)
        sim.trace.note(invocation.id, () => `${what.text()}${fault === undefined ? '' : ` !${fault}`}`)
        const ends = {
          resolve: later(sim, invocation, replyMs, resolve),
          reject: later(sim, invocation, replyMs, reject),
        }
        happen({ sim, invocation, what, fault, crash: () => crash(invocation) }, apply, ends)
      })
    })
}

/** A stall is shorter than a claim, a freeze longer, and shorter than the host's patience. */
function stallOf(random: Random, fault: FaultKind | undefined): number {
  if (fault === 'stall') return random.between(1_000, longestStallMs)
  return fault === 'freeze' ? random.between(125_000, 270_000) : 0
}

function isCrash(fault: FaultKind | undefined): boolean {
  return fault === 'crashBefore' || fault === 'crashAfter'
}

/** The answer reaches the caller after `delayMs`, if it still lives. */
function later<Value>(sim: Sim, invocation: Invocation, delayMs: number, end: (value: Value) => void) {
  return (value: Value) => {
    if (delayMs === 0) return invocation.alive ? end(value) : undefined
    sim.agenda.after(delayMs, () => {
      if (invocation.alive) end(value)
    })
  }
}

type Happening<Answer> = {
  sim: Sim
  invocation: Invocation
  what: CallSpec<Answer>
  fault: FaultKind | undefined
  crash(): void
}

function happen<Answer>(
  { sim, what, fault, crash }: Happening<Answer>,
  apply: () => Answer | Promise<Answer>,
  { resolve, reject }: Ends<Answer>,
): void {
  const effect = () => Promise.resolve().then(apply)
  switch (fault) {
    case 'crashBefore':
      crash()
      break
    case 'crashAfter':
      void effect().then(crash, crash)
      break
    case 'serverError':
      reject(failure(what, 'HTTP 503 Service Unavailable'))
      break
    case 'serverErrorAfter':
      void effect().then(() => reject(failure(what, 'HTTP 500, after it was done')), reject)
      break
    case 'throttled':
      reject(failure(what, 'HTTP 429 Too Many Requests', sim.random.pick([1, 10, 60])))
      break
    case 'lateEffect':
      runLate(sim, effect, () => reject(failure(what, 'no answer in time')))
      break
    case 'spuriousConflict':
      if (what.conflict !== undefined && what.mayBeSpurious === true) resolve(what.conflict)
      else void effect().then(resolve, reject)
      break
    case 'ownWriteConflicts':
      void effect().then((answer) => resolve(what.conflict ?? answer), reject)
      break
    default:
      void effect().then(resolve, reject)
  }
}

/** The caller gives up; the request is on its way all the same and takes effect before or after that. */
function runLate(sim: Sim, effect: () => Promise<unknown>, giveUp: () => void): void {
  sim.agenda.after(sim.random.between(0, 2.5) * patienceMs, () => void effect().catch(() => undefined))
  sim.agenda.after(patienceMs, giveUp)
}

function failure(what: CallSpec<unknown>, text: string, retryAfterSeconds?: number): RetryableError {
  const [verb] = what.text().split(' ')
  return new RetryableError(`Cannot ${verb}: ${text}`, { retryAfterSeconds })
}

/** Mostly some milliseconds, sometimes seconds. */
export function latencyMs(random: Random): number {
  const drawn = random.next()
  if (drawn < 0.7) return 1 + drawn * 20
  if (drawn < 0.96) return 15 + (drawn - 0.7) * 1_500
  return (drawn - 0.96) * 200_000
}
