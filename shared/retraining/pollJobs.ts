import { unknownReason } from './buryMessage.ts'
import type { PollMessage } from './messages.ts'
import { ids } from './names.ts'
import { type PollRunPorts, pollRun } from './pollRun.ts'
import type { DeadLetters } from './stores.ts'
import { textOf } from './trouble.ts'

/** A message of `training-jobs` as it was received; `body` is undefined when it is none of ours. */
export type ReceivedPoll = {
  id: string
  body: PollMessage | undefined
  text: string
  /** Deletes the message. */
  remove(): Promise<void>
  /** Puts it off for so many seconds. */
  hide(seconds: number): Promise<void>
}

/** What a tick of polling needs. `tickSeconds`: a tick takes no new message after that. */
export type PollJobsPorts = PollRunPorts &
  DeadLetters & {
    receivePolls(count: number): Promise<ReceivedPoll[]>
    tickSeconds: number
    pollsAtOnce: number
  }

/** How many messages a tick saw, by what became of them. */
export type PollTally = { done: number; later: number; failed: number }

/**
 * Asks the training services about every job that is due, some at a time, until no message is due or the tick's time is
 * over: the rest waits for the next tick. Only what is worked off at once is received. Ticks may overlap. One run's trouble
 * never stops another's.
 */
export async function pollJobs(ports: PollJobsPorts): Promise<PollTally> {
  const endsAtMs = ports.now() + ports.tickSeconds * 1000
  const tally: PollTally = { done: 0, later: 0, failed: 0 }
  const active = new Set<Promise<void>>()
  try {
    while (ports.now() < endsAtMs) {
      const received = await receiveSome(ports, active.size)
      for (const message of received) {
        const poll = handle(ports, message).then((outcome) => {
          tally[outcome]++
          active.delete(poll)
        })
        active.add(poll)
      }
      if (received.length > 0) continue
      if (active.size === 0) break
      await Promise.race(active)
    }
  } finally {
    await Promise.all(active)
  }
  if (tally.failed > 0) ports.log.warn({ ...tally }, 'polled, some failed')
  return tally
}

/** As many as there is room for, once half of it is free: one at a time would be a call of storage for each. */
async function receiveSome(ports: PollJobsPorts, busy: number): Promise<ReceivedPoll[]> {
  if (busy > ports.pollsAtOnce / 2) return []
  return ports.receivePolls(Math.min(32, ports.pollsAtOnce - busy))
}

async function handle(ports: PollJobsPorts, message: ReceivedPoll): Promise<keyof PollTally> {
  try {
    if (message.body === undefined) {
      await bury(ports, message, unknownReason(message.text))
      return 'failed'
    }
    const outcome = await pollRun(ports, message.body)
    if (outcome.kind === 'unknown') await bury(ports, message, 'there is no such run')
    if (outcome.kind === 'done') await message.remove()
    if (outcome.kind === 'later') await message.hide(outcome.seconds)
    return outcome.kind === 'unknown' ? 'failed' : outcome.kind
  } catch (error) {
    const key = message.body === undefined ? {} : ids(message.body)
    ports.log.error(key, ports.redact(`poll failed: ${textOf(error)}`))
    return 'failed'
  }
}

async function bury(ports: PollJobsPorts, message: ReceivedPoll, reason: string): Promise<void> {
  const source = 'training-jobs'
  await ports.recordDeadLetter({ source, id: message.id, reason, body: message.text, atMs: ports.now() })
  await message.remove()
}
