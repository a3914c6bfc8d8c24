import type { Clock } from './stores.ts'

/** The timers whose last good tick is kept. */
export type TickName = 'pollJobs' | 'reconcile' | 'schedules' | 'retention'

/** When a timer last came through without an error, and how long that took. */
export type Tick = { name: TickName; endedAtMs: number; tookMs: number }

/** Where the last good tick of each timer is kept. */
export type TickStore = {
  writeTick(tick: Tick): Promise<void>
  readTicks(): Promise<Tick[]>
}

/** Does a timer's work and notes that it came through. What fails is thrown on and leaves the tick before. */
export async function ticked<Ports extends TickStore & Pick<Clock, 'now'>>(
  ports: Ports,
  name: TickName,
  work: (ports: Ports) => Promise<unknown>,
): Promise<void> {
  const startedAtMs = ports.now()
  await work(ports)
  const endedAtMs = ports.now()
  await ports.writeTick({ name, endedAtMs, tookMs: endedAtMs - startedAtMs })
}
