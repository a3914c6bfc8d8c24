import type { ModelKey } from './names.ts'
import type { Schedule } from './settings.ts'

/** A model's schedule that is due: a row of the line, void unless the head names the same instant. */
export type DueSchedule = ModelKey & { dueAtMs: number }

/** The line of schedules, the earliest first. */
export type ScheduleStore = {
  /** Those due at `nowMs` or before, a page at a time. */
  listDueSchedules(
    nowMs: number,
    next: string | undefined,
  ): Promise<{ items: DueSchedule[]; next?: string | undefined }>
  /** Being in line already is fine. */
  addSchedule(due: DueSchedule): Promise<void>
  removeSchedule(due: DueSchedule): Promise<void>
}

/** When a schedule comes next after an instant, in epoch ms, by the clock of its time zone. */
export type Occurrences = {
  nextOccurrenceMs(cron: string, timeZone: string | undefined, afterMs: number): number
}

const usualSpreadMinutes = 5

/** A schedule as one text: planned anew when it changes. */
export function scheduleText({
  cron,
  timeZone = 'UTC',
  spreadMinutes = usualSpreadMinutes,
}: Schedule): string {
  return `${cron} ${timeZone} spread ${spreadMinutes}`
}

/**
 * The first instant after `afterMs` at which a model's schedule is due: its time and the model's own place within the spread,
 * which never reaches the next time. Pure.
 */
export function nextDueMs(
  { nextOccurrenceMs }: Occurrences,
  schedule: Schedule,
  key: ModelKey,
  afterMs: number,
): number {
  const { cron, timeZone, spreadMinutes = usualSpreadMinutes } = schedule
  const spreadMs = spreadMinutes * 60_000
  const place = placeOf(key)
  let atMs = nextOccurrenceMs(cron, timeZone, afterMs - spreadMs)
  for (;;) {
    const followingAtMs = nextOccurrenceMs(cron, timeZone, atMs)
    const dueAtMs = atMs + Math.floor(place * Math.min(spreadMs, followingAtMs - atMs))
    if (dueAtMs > afterMs) return dueAtMs
    atMs = followingAtMs
  }
}

/** A model's place in every spread, 0 to below 1: the FNV-1a hash of its name, mixed. */
function placeOf({ customerId, model }: ModelKey): number {
  let hash = 0x811c9dc5
  for (const character of `${customerId}|${model}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
