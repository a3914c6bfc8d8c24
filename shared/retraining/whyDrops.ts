import { quietUntilMs } from './quiet.ts'
import { counted, instantText, type Wait, type WhyFacts } from './whyFacts.ts'

/** What the waiting drops wait for, and what keeps the model though nothing waits. Pure. */
export function waitsOfDrops(facts: WhyFacts): Wait[] {
  const { head, pending, hold } = facts
  const waits: Wait[] = []
  if (hold !== undefined) waits.push(heldWait(facts))
  if (head.retrain !== undefined) {
    const { by, reason, atMs } = head.retrain
    const sentence = `A generation was asked for by ${by}: ${reason}`
    waits.push({ kind: 'retrain', sentence, sinceAtMs: atMs, by, reason })
  }
  if (pending.length > 0 && head.inFlight !== undefined) {
    const sentence = `${waiting(facts)} for generation ${head.inFlight} to end`
    waits.push({ kind: 'run', sentence, generation: head.inFlight, drops: pending.length })
  } else if (pending.length > 0 && hold === undefined) waits.push(startWait(facts))
  return waits
}

function heldWait(facts: WhyFacts): Wait {
  const { hold, pending } = facts
  const { kind = 'paused', reason = '', sinceAtMs, untilAtMs } = hold ?? {}
  const fields = { kind, reason, sinceAtMs, untilAtMs, drops: pending.length }
  const isLate = (untilAtMs ?? 0) > (sinceAtMs ?? 0)
  const earliest = isLate ? `, not before ${instantText(untilAtMs ?? 0)}` : ''
  const held = pending.length === 0 ? 'New drops will wait' : waiting(facts)
  switch (kind) {
    case 'paused':
      return { ...fields, sentence: `${held}: ${reason}, since ${instantText(sinceAtMs ?? 0)}` }
    case 'quarantined':
      return {
        ...fields,
        sentence: `The model is quarantined: ${reason}; it is tried again with the next drop${earliest}`,
      }
    case 'scheduled': {
      const next = untilAtMs === undefined ? '' : `, next at ${instantText(untilAtMs)}`
      return { ...fields, sentence: `${held}: the model ${reason}${next}${lastTime(facts)}` }
    }
  }
}

/** What became of the schedule's last time. */
function lastTime({ head }: WhyFacts): string {
  const last = head.schedule?.last
  return last === undefined ? '' : `; at ${instantText(last.dueAtMs)} it ${last.outcome}: ${last.reason}`
}

function startWait(facts: WhyFacts): Wait {
  const { pending, settings, nowMs } = facts
  const times = pending.map((drop) => drop.acceptedAtMs)
  const untilAtMs = quietUntilMs(
    { oldestAcceptedAtMs: smallest(times), newestAcceptedAtMs: largest(times) },
    settings,
  )
  const drops = pending.length
  if (untilAtMs <= nowMs)
    return { kind: 'start', sentence: `${counted(drops, 'drop')} are about to start`, drops }
  const sentence = `${waiting(facts)} until the quiet period ends at ${instantText(untilAtMs)}`
  return { kind: 'quiet', sentence, untilAtMs, drops }
}

function waiting({ pending }: WhyFacts): string {
  return `${counted(pending.length, 'drop')} ${pending.length === 1 ? 'waits' : 'wait'}`
}

function smallest(times: readonly number[]): number {
  return times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY)
}

function largest(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), 0)
}
