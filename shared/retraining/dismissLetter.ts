import type { Clock, DeadLetterStore, ListedLetter } from './stores.ts'

/** What putting a dead letter aside needs. */
export type DismissLetterPorts = DeadLetterStore & Pick<Clock, 'now'>

/** `again`: it was put aside before, or sent again, so that nothing is left to do. */
export type Dismissed = 'dismissed' | 'again' | 'unknown'

/** Whether a letter still asks for a person. Pure. */
export function isOpenLetter({
  resentAtMs,
  dismissedAtMs,
}: Pick<ListedLetter, 'resentAtMs' | 'dismissedAtMs'>): boolean {
  return resentAtMs === undefined && dismissedAtMs === undefined
}

/**
 * An operator puts a dead letter aside that needs nothing any more, as that of a run which a newer generation overtook. It
 * stays listed, may still be sent again by its id, and goes when the time of those that were sent again is over.
 */
export async function dismissLetter(ports: DismissLetterPorts, id: string): Promise<Dismissed> {
  const letter = await ports.readDeadLetter(id)
  if (letter === undefined) return 'unknown'
  if (!isOpenLetter(letter)) return 'again'
  await ports.markDismissed(id, ports.now())
  return 'dismissed'
}
