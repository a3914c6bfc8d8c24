import type { HostContext, Listening } from '../context.ts'
import { functionId, functionsOf } from '../invocation/functionDefinition.ts'
import { hostLog } from '../log.ts'
import { workUnderLock } from '../storage/lock.ts'
import type { RpcData } from '../worker/protocol.ts'
import { parseSchedule } from './schedule.ts'
import { runTimer } from './timerListener.ts'

/** Fires every timer function, each under its own lock, until `signal` aborts. */
export function startTimers(context: HostContext, signal: AbortSignal): Listening[] {
  const { clock, settings, tuning, stores, hostId } = context
  const log = hostLog(context.sink, 'Host.Timers')
  return functionsOf(context.functions, 'timer').map((definition) => {
    const state = stores.state()
    const id = functionId(definition.name)
    const { schedule, runOnStartup, useMonitor } = definition.trigger
    const timer = { functionId: id, schedule: parseSchedule(schedule), runOnStartup, useMonitor }
    const run = async (data: RpcData) =>
      void (await context.invoker.invoke(definition, { data, metadata: {} }))
    const lock = {
      name: `locks/${hostId}/${id}.Listener`,
      leaseMs: settings.listenerLockMs,
      retryMs: tuning.lockRetryMs,
    }
    const work = (held: AbortSignal) => runTimer({ state, hostId, clock, run, log }, timer, held)
    return { ended: workUnderLock({ state, clock, log }, lock, work, signal) }
  })
}
