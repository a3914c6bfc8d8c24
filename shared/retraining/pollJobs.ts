import type { PollMessage } from './messages.ts'
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
 * over: the rest waits for the next tick. Ticks may overlap. One run's trouble never stops another's.
 */
export async function pollJobs(ports: PollJobsPorts): Promise<PollTally> {
  const endsAtMs = ports.now() + ports.tickSeconds * 1000
  const tally: PollTally = { done: 0, later: 0, failed: 0 }
  const waiting: ReceivedPoll[] = []
  let fetching: Promise<boolean> | undefined
  const lane = async () => {
    while (ports.now() < endsAtMs) {
      const message = waiting.shift()
      if (message !== undefined) {
        tally[await handle(ports, message)]++
        continue
      }
      fetching ??= fetchInto(ports, waiting).finally(() => {
        fetching = undefined
      })
      if (!(await fetching)) return
    }
  }
  await Promise.all(Array.from({ length: ports.pollsAtOnce }, lane))
  await Promise.all(waiting.map((message) => message.hide(0)))
  if (tally.failed > 0) ports.log.warn({ ...tally }, 'polled, some failed')
  return tally
}

async function fetchInto(ports: PollJobsPorts, waiting: ReceivedPoll[]): Promise<boolean> {
  const received = await ports.receivePolls(Math.min(32, ports.pollsAtOnce))
  waiting.push(...received)
  return received.length > 0
}

async function handle(ports: PollJobsPorts, message: ReceivedPoll): Promise<keyof PollTally> {
  try {
    if (message.body === undefined) {
      await bury(ports, message, 'the message is none of ours')
      return 'failed'
    }
    const outcome = await pollRun(ports, message.body)
    if (outcome.kind === 'unknown') await bury(ports, message, 'there is no such run')
    if (outcome.kind === 'done') await message.remove()
    if (outcome.kind === 'later') await message.hide(outcome.seconds)
    return outcome.kind === 'unknown' ? 'failed' : outcome.kind
  } catch (error) {
    ports.log.error({ ...message.body, token: undefined }, ports.redact(`poll failed: ${textOf(error)}`))
    return 'failed'
  }
}

async function bury(ports: PollJobsPorts, message: ReceivedPoll, reason: string): Promise<void> {
  const source = 'training-jobs'
  await ports.recordDeadLetter({ source, id: message.id, reason, body: message.text, atMs: ports.now() })
  await message.remove()
}
