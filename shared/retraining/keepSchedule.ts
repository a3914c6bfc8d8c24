import type { Head } from './head.ts'
import type { ModelKey } from './names.ts'
import { nextDueMs, type Occurrences, type ScheduleStore, scheduleText } from './schedule.ts'
import type { Schedule } from './settings.ts'
import type { Clock, RunStore } from './stores.ts'
import { swapHead } from './swap.ts'

/** What keeping a model's place in the line of schedules needs. */
export type KeepSchedulePorts = Pick<RunStore, 'readHead' | 'commit'> &
  Pick<ScheduleStore, 'addSchedule'> &
  Occurrences &
  Pick<Clock, 'now'>

/** A place in line counts as lost so long after its time, in ms. */
const graceMs = 5 * 60_000

/**
 * Plans a model's schedule when its settings changed, and puts it in line again when its place got lost. The head says when it
 * is due, then the line: what the line says beside that is void.
 */
export async function keepSchedule(
  ports: KeepSchedulePorts,
  key: ModelKey,
  schedule: Schedule | undefined,
  head: Head | undefined,
): Promise<void> {
  const planned = head?.schedule
  const nowMs = ports.now()
  const text = schedule && scheduleText(schedule)
  if (planned?.text === text) {
    if (planned !== undefined && planned.nextAtMs + graceMs < nowMs)
      await addPlace(ports, key, planned.nextAtMs)
    return
  }
  const nextAtMs = schedule && nextDueMs(ports, schedule, key, nowMs)
  const swapped = await swapHead(ports, key, (fresh) => {
    if (fresh.schedule?.text === text) return undefined
    if (text === undefined || nextAtMs === undefined) return { ...fresh, schedule: undefined }
    return { ...fresh, schedule: { text, nextAtMs, last: fresh.schedule?.last } }
  })
  if (swapped !== undefined && nextAtMs !== undefined) await addPlace(ports, key, nextAtMs)
}

function addPlace(ports: KeepSchedulePorts, { customerId, model }: ModelKey, dueAtMs: number): Promise<void> {
  return ports.addSchedule({ customerId, model, dueAtMs })
}
