import { concurrently } from './concurrently.ts'
import type { Head, ScheduleState } from './head.ts'
import { holdOf } from './hold.ts'
import type { HoldPorts } from './holdOn.ts'
import type { KeepSchedulePorts } from './keepSchedule.ts'
import { type DueSchedule, nextDueMs, type ScheduleStore, scheduleText } from './schedule.ts'
import type { ModelSettings } from './settings.ts'
import type { DropStore, Log, Messages, SettingsStore } from './stores.ts'
import { swapHead } from './swap.ts'
import { textOf } from './trouble.ts'

/** What working off due schedules needs. `tickSeconds`: no new page after that. */
export type WorkSchedulesPorts = KeepSchedulePorts &
  HoldPorts &
  ScheduleStore &
  Pick<SettingsStore, 'readSettings'> &
  Pick<DropStore, 'readPending'> &
  Pick<Messages, 'sendStart'> & { log: Log; redact(text: string): string; tickSeconds: number }

const atOnce = 8

/** Starts the models whose schedule is due; one model's trouble never stops another's. What is left is due at the next tick. */
export async function workSchedules(ports: WorkSchedulesPorts): Promise<void> {
  const endsAtMs = ports.now() + ports.tickSeconds * 1000
  let next: string | undefined
  do {
    const page = await ports.listDueSchedules(ports.now(), next)
    await concurrently(page.items, atOnce, async (due) => {
      try {
        await workSchedule(ports, due)
      } catch (error) {
        const { customerId, model } = due
        ports.log.error({ customerId, model }, ports.redact(`schedule failed: ${textOf(error)}`))
      }
    })
    next = page.next
  } while (next !== undefined && ports.now() < endsAtMs)
}

/**
 * The head moves on to the next time and asks for a generation in one step, so that each time starts at most one and none is
 * lost; then the line and the message follow, which a crash in between only delays.
 */
async function workSchedule(ports: WorkSchedulesPorts, due: DueSchedule): Promise<void> {
  const key = { customerId: due.customerId, model: due.model }
  const settings = await ports.readSettings(key)
  const waits = settings && (await waitsFor(ports, settings))
  const moved = await swapHead(ports, key, (head) =>
    head.schedule?.nextAtMs === due.dueAtMs ? movedHead(ports, head, settings, waits) : undefined,
  )
  const head = moved ?? (await ports.readHead(key))?.value
  const last = head?.schedule?.last
  if (moved !== undefined && last !== undefined)
    ports.log.info(key, `schedule: ${last.outcome}, ${last.reason}`)
  if (head?.retrain !== undefined && head.inFlight === undefined) await ports.sendStart({ v: 1, ...key }, 0)
  if (head?.schedule !== undefined) await ports.addSchedule({ ...key, dueAtMs: head.schedule.nextAtMs })
  if (head?.schedule?.nextAtMs !== due.dueAtMs) await ports.removeSchedule(due)
}

/** What waits for a model, and which pauses hold it. */
type Waits = {
  count: number
  newestAcceptedAtMs: number | undefined
  pauses: Awaited<ReturnType<WorkSchedulesPorts['readPauses']>>
}

async function waitsFor(ports: WorkSchedulesPorts, settings: ModelSettings): Promise<Waits> {
  const pending = await ports.readPending(settings)
  const pauses = await ports.readPauses(settings.customerId)
  return { count: pending.length, newestAcceptedAtMs: pending.at(-1)?.acceptedAtMs, pauses }
}

/** A schedule that changed meanwhile is planned anew; times that passed while nobody looked are made up for once. */
function movedHead(
  ports: WorkSchedulesPorts,
  head: Head,
  settings: ModelSettings | undefined,
  waits: Waits | undefined,
): Head {
  const { schedule: before } = head
  if (settings?.schedule === undefined || before === undefined || waits === undefined) {
    return { ...head, schedule: undefined }
  }
  const nowMs = ports.now()
  const text = scheduleText(settings.schedule)
  const nextAtMs = nextDueMs(ports, settings.schedule, settings, Math.max(nowMs, before.nextAtMs))
  if (text !== before.text) return { ...head, schedule: { ...before, text, nextAtMs } }
  const retrain = { by: 'schedule', reason: settings.schedule.cron, atMs: nowMs, scheduled: true }
  const idle = idleReason({ ...head, retrain: head.retrain ?? retrain }, settings, waits, nowMs)
  const last: ScheduleState['last'] = {
    dueAtMs: before.nextAtMs,
    outcome: idle === undefined ? 'started' : 'skipped',
    reason: idle ?? startedReason(head, waits.count),
  }
  const moved = { ...head, schedule: { text, nextAtMs, last } }
  if (idle !== undefined) return moved
  const startRequestedForAtMs = head.inFlight === undefined ? nowMs : undefined
  return { ...moved, retrain: head.retrain ?? retrain, startRequestedForAtMs }
}

function idleReason(
  head: Head,
  settings: ModelSettings,
  { count, newestAcceptedAtMs, pauses }: Waits,
  nowMs: number,
): string | undefined {
  if (count === 0) return 'nothing has come since'
  return holdOf(head, settings, pauses, { newestAcceptedAtMs, nowMs })?.reason
}

function startedReason({ inFlight }: Head, count: number): string {
  const text = `${count} ${count === 1 ? 'drop' : 'drops'} waited`
  return inFlight === undefined ? text : `${text}, after generation ${inFlight}`
}
