import type { Tick } from './ticks.ts'

/** `degraded`: works, but somebody should look. `broken`: does not do its work. */
export type CheckStatus = 'ok' | 'degraded' | 'broken'

/** What was looked at: the alert rules of the deployment use the same names. */
export type CheckName =
  | 'settings'
  | 'storage'
  | 'clock'
  | 'last-poll'
  | 'last-reconcile'
  | 'last-schedules'
  | 'queue-age'
  | 'backlog'
  | 'poison'
  | 'services'
  | 'drift'
  | 'stuck-runs'
  | 'unclaimed'
  | 'dead-letters'
  | 'secrets'
  | 'host'

/** One check: what was found, in words, and what to do about it where there is something to do. */
export type Check = { name: CheckName; status: CheckStatus; value: string; remedy?: string | undefined }

/** A queue as it is: `oldestSentAtMs` of the oldest visible message, `poison` what the host gave up on. */
export type QueueFacts = {
  name: string
  messages: number
  oldestSentAtMs?: number | undefined
  poison: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** As in the deployment's alert rules: `pollSilenceMinutes`, `queueAgeMinutes`, `queueBacklog`. */
const pollSilenceMs = 15 * minuteMs
const eventAgeMs = 15 * minuteMs
const mostMessages = 10_000
const reconcileSilenceMs = hourMs
/** Messages that wait for a time of their own: a run's own schedule ends after a day. */
const longestWaitMs = 26 * hourMs
const noticedSkewMs = minuteMs
/** Inputs are signed from 15 minutes before on: a clock further off signs what is not valid yet. */
const worstSkewMs = 10 * minuteMs

/** How far this machine's clock is from storage's. Pure. */
export function judgeClock(nowMs: number, storageMs: number): Check {
  const skewMs = nowMs - storageMs
  const awayMs = Math.abs(skewMs)
  const value = `${(awayMs / 1000).toFixed(0)} s ${skewMs < 0 ? 'behind' : 'ahead of'} storage`
  if (awayMs <= noticedSkewMs) return { name: 'clock', status: 'ok', value }
  const status = awayMs > worstSkewMs ? 'broken' : 'degraded'
  return { name: 'clock', status, value, remedy: 'set this machine’s clock (NTP): SAS and leases rest on it' }
}

/** How long a timer may be silent, what that is then, and what stands still meanwhile. */
const timers = {
  pollJobs: { check: 'last-poll', silenceMs: pollSilenceMs, status: 'broken', still: 'runs stand still' },
  reconcile: {
    check: 'last-reconcile',
    silenceMs: reconcileSilenceMs,
    status: 'degraded',
    still: 'runs that lost a message wait',
  },
  schedules: {
    check: 'last-schedules',
    silenceMs: pollSilenceMs,
    status: 'degraded',
    still: 'models with a schedule wait',
  },
} as const

/** The timers whose ticks are looked at. */
export const watchedTimers = Object.keys(timers) as (keyof typeof timers)[]

/** Whether a timer ticks. Never yet is no failure: the app may have just been set up. Pure. */
export function judgeTick(name: keyof typeof timers, ticks: readonly Tick[], nowMs: number): Check {
  const { check, silenceMs: mostMs, status, still } = timers[name]
  const remedy = `look at the app’s state and at failed invocations of ${name}; ${still} meanwhile`
  const tick = ticks.find((each) => each.name === name)
  if (tick === undefined) return { name: check, status: 'degraded', value: 'never', remedy }
  const silenceMs = nowMs - tick.endedAtMs
  const value = `${age(silenceMs)} ago, took ${(tick.tookMs / 1000).toFixed(1)} s`
  return silenceMs <= mostMs ? { name: check, status: 'ok', value } : { name: check, status, value, remedy }
}

/** Ages, lengths and poison of the queues: three checks. Pure. */
export function judgeQueues(queues: readonly QueueFacts[], nowMs: number): Check[] {
  const isLate = ({ name, oldestSentAtMs = nowMs }: QueueFacts) =>
    nowMs - oldestSentAtMs > (name === 'training-data-events' ? eventAgeMs : longestWaitMs)
  const late = queues.filter(isLate)
  const total = queues.reduce((sum, { messages }) => sum + messages, 0)
  const poison = queues.filter((queue) => queue.poison > 0)
  const lengths = queues.map(({ name, messages }) => `${name} ${messages}`).join(', ')
  const ages = (
    late.length > 0 ? late : queues.filter(({ oldestSentAtMs }) => oldestSentAtMs !== undefined)
  ).map(({ name, oldestSentAtMs = nowMs }) => `${name} ${age(nowMs - oldestSentAtMs)}`)
  return [
    {
      ...{ name: 'queue-age', status: late.length > 0 ? 'degraded' : 'ok' },
      value: ages.length > 0 ? ages.join(', ') : 'nothing waits',
      remedy:
        late.length > 0 ? 'see whether the queue’s function runs and fails: its log says why' : undefined,
    },
    {
      ...{ name: 'backlog', status: total > mostMessages ? 'degraded' : 'ok' },
      value: lengths,
      remedy:
        total > mostMessages ? 'more arrives than is worked off: raise the instances or the caps' : undefined,
    },
    {
      ...{ name: 'poison', status: poison.length > 0 ? 'degraded' : 'ok' },
      value: poison.map((queue) => `${queue.name} ${queue.poison}`).join(', ') || 'none',
      remedy:
        poison.length > 0
          ? 'the bury… functions list these as dead letters: see whether they run'
          : undefined,
    },
  ]
}

/** A check that counts what should not be there. `more`: there may be more than were counted. Pure. */
export function judgeCount(
  name: CheckName,
  found: { count: number; more?: boolean; text?: string },
  remedy: string,
): Check {
  if (found.count === 0) return { name, status: 'ok', value: 'none' }
  const value = `${found.count}${found.more === true ? ' or more' : ''}${found.text === undefined ? '' : `: ${found.text}`}`
  return { name, status: 'degraded', value, remedy }
}

/** The worst of all. Pure. */
export function worstOf(checks: readonly Check[]): CheckStatus {
  if (checks.some(({ status }) => status === 'broken')) return 'broken'
  return checks.some(({ status }) => status === 'degraded') ? 'degraded' : 'ok'
}

/** `40 s`, `12 min`, `5 h`, `3 d`. Pure. */
export function age(ms: number): string {
  if (ms < 2 * minuteMs) return `${Math.max(0, Math.round(ms / 1000))} s`
  if (ms < 2 * hourMs) return `${Math.round(ms / minuteMs)} min`
  return ms < 48 * hourMs ? `${Math.round(ms / hourMs)} h` : `${Math.round(ms / (24 * hourMs))} d`
}
