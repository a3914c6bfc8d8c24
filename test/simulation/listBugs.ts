import type { Bug } from './bugs.ts'

/** The line of waiting runs is read from its end, and nobody looks for who came before. */
export const youngestFirst: Bug = (ports) => ({
  ...ports,
  async listWaiting(service, next) {
    const page = await ports.listWaiting(service, next)
    return { ...page, items: page.items.toReversed() }
  },
})

/** What the sweep skipped for the old day in its name counts as seen: the whole container is never looked at again. */
export const oldDaysNeverSeen: Bug = (ports) => ({
  ...ports,
  async readSweepCursor(name) {
    const cursor = await ports.readSweepCursor(name)
    return name === 'whole' ? { ...cursor, sinceAtMs: Number.MAX_SAFE_INTEGER } : cursor
  },
})
