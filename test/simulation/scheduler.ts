import type { Agenda } from './agenda.ts'

/** How a stretch of the simulation ended. `empty`: nothing is left that could happen. */
export type Stretch = 'reached' | 'empty' | 'timeOver'

/**
 * Runs one event after the other, and each to its end: what the event set going goes on until every chain of promises
 * waits for another event. `isReached` is asked before every event. No real time passes.
 */
export async function runUntil(
  agenda: Agenda,
  untilMs: number,
  isReached: () => boolean,
): Promise<{ stretch: Stretch; steps: number }> {
  for (let steps = 0; ; steps++) {
    if (isReached()) return { stretch: 'reached', steps }
    if (agenda.now() > untilMs) return { stretch: 'timeOver', steps }
    if (!agenda.runNext()) return { stretch: 'empty', steps }
    await settled()
  }
}

/** Resolves when no promise has anything left to do: Node takes a tick that a promise asked for after all of those. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve)
  })
}
