import type { UnclaimedDrop } from '../../shared/adapters/unclaimedTable.ts'

/** The line of a drop that belongs to nobody known; a name of other hands can't control the terminal. Pure. */
export function unclaimedLine({ name, reason }: UnclaimedDrop): string {
  return `unclaimed: training-data/${name}: ${reason}`.replaceAll(/\p{Cc}/gu, '?')
}
