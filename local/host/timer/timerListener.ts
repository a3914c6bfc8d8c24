import type { Clock } from '../clock.ts'
import { type HostLog, reasonOf } from '../log.ts'
import type { StateBlobs } from '../storage/stateBlobs.ts'
import type { RpcData } from '../worker/protocol.ts'
import type { Schedule } from './schedule.ts'
import { afterRun, readStatus, startOf, statusJson, type TimerStatus, writeStatus } from './timerStatus.ts'

/** What a timer needs; `run` runs its function to the end, whatever comes of it. */
export type TimerPorts = {
  state: StateBlobs
  hostId: string
  clock: Clock
  run(data: RpcData): Promise<void>
  log: HostLog
}

/** A timer function. */
export type Timer = { functionId: string; schedule: Schedule; runOnStartup: boolean; useMonitor: boolean }

/**
 * Fires a timer until `signal` aborts; the caller holds its lock. One run at a time: the next tick is computed after a run, and a
 * run longer than the interval is followed by one at once. Source: TimerListener (functions-host.md 2.4).
 */
export async function runTimer(ports: TimerPorts, timer: Timer, signal: AbortSignal): Promise<void> {
  const { clock } = ports
  const isKept = timer.useMonitor && timer.schedule.keepsStatus
  const stored = isKept ? await readStatus(ports.state, ports.hostId, timer.functionId) : undefined
  const start = startOf(timer.schedule, stored, clock.now())
  let status = start.status
  if (isKept && start.kept !== undefined) await keep(ports, timer, start.kept)
  let isDue = start.isPastDue || timer.runOnStartup
  let isPastDue = start.isPastDue
  while (!signal.aborted) {
    if (!isDue) await clock.after(Math.max(0, status.nextMs - clock.now()), signal)
    if (signal.aborted) return
    const startedMs = clock.now()
    await ports.run(timerData(timer.schedule, isKept ? status : undefined, isPastDue))
    const tickMs = isDue ? 0 : status.nextMs
    status = afterRun(timer.schedule, { startedMs, tickMs })
    if (isKept) await keep(ports, timer, status)
    isDue = false
    isPastDue = false
  }
}

async function keep(ports: TimerPorts, timer: Timer, status: TimerStatus): Promise<void> {
  try {
    await writeStatus(ports.state, { hostId: ports.hostId, functionId: timer.functionId }, status)
  } catch (thrown) {
    ports.log.warn(`Cannot keep the status of ${timer.functionId}: ${reasonOf(thrown)}`)
  }
}

/** What a timer function gets. Pure. */
export function timerData(
  { isConstant }: Schedule,
  status: TimerStatus | undefined,
  isPastDue: boolean,
): RpcData {
  const ScheduleStatus = status === undefined ? null : statusJson(status)
  return {
    json: JSON.stringify({ Schedule: { AdjustForDST: !isConstant }, ScheduleStatus, IsPastDue: isPastDue }),
  }
}
