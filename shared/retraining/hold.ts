import { quarantineOf } from './breaker.ts'
import type { Head, Order } from './head.ts'
import type { ModelSettings } from './settings.ts'

/** A pause of one customer's models or, without a customer, of the fleet. */
export type Pause = Order & { customerId?: string | undefined }

/** Pauses of customers and of the fleet. */
export type PauseStore = {
  /** The pauses that hold this customer's models. */
  readPauses(customerId: string): Promise<Pause[]>
  listPauses(): Promise<Pause[]>
  putPause(pause: Pause): Promise<void>
  removePause(customerId: string | undefined): Promise<'removed' | 'absent'>
}

/** Why waiting drops open no generation by themselves, since when, and until when where that is known. */
export type Hold = {
  kind: 'paused' | 'quarantined' | 'scheduled'
  reason: string
  sinceAtMs?: number | undefined
  untilAtMs?: number | undefined
}

/**
 * What keeps a model's waiting drops from starting; undefined when nothing does. A generation that was asked for by hand
 * passes quarantine and schedule, one by the schedule only the latter. `newestAcceptedAtMs`: of the waiting drops. Pure.
 */
export function holdOf(
  head: Pick<Head, 'paused' | 'breaker' | 'schedule' | 'retrain'>,
  settings: Pick<ModelSettings, 'schedule' | 'breakerRuns'>,
  pauses: readonly Pause[],
  now: { newestAcceptedAtMs: number | undefined; nowMs: number },
): Hold | undefined {
  const paused = pausedBy(head, pauses)
  if (paused !== undefined) return paused
  const { retrain } = head
  if (retrain !== undefined && retrain.scheduled !== true) return undefined
  const quarantine = quarantineOf(head.breaker, settings.breakerRuns)
  if (quarantine !== undefined) {
    const isNew = (now.newestAcceptedAtMs ?? 0) > quarantine.sinceAtMs
    if (!isNew || now.nowMs < quarantine.untilAtMs) return { kind: 'quarantined', ...quarantine }
  }
  if (settings.schedule === undefined || retrain !== undefined) return undefined
  const reason = `waits for its schedule ${settings.schedule.cron}`
  return { kind: 'scheduled', reason, untilAtMs: head.schedule?.nextAtMs }
}

/** Which pause holds the model: its own, its customer's or the fleet's. Pure. */
export function pausedBy(head: Pick<Head, 'paused'>, pauses: readonly Pause[]): Hold | undefined {
  const found = head.paused === undefined ? pauses[0] : head.paused
  if (found === undefined) return undefined
  const what =
    head.paused !== undefined
      ? 'the model'
      : pauses[0]?.customerId === undefined
        ? 'the fleet'
        : 'the customer'
  return {
    kind: 'paused',
    reason: `${what} is paused by ${found.by}: ${found.reason}`,
    sinceAtMs: found.atMs,
  }
}
