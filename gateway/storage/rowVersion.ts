import type { Cells } from '../../shared/lib/tableStore.ts'

/** What the gateway writes into each row; it reads every version up to it, and rows without one as the first. */
export const rowVersion = { v: 1 }

/** Throws one line when a newer version of the gateway wrote the row. */
export function refuseNewer(what: string, { v }: Cells): void {
  if (v === undefined || (typeof v === 'number' && v <= rowVersion.v)) return
  throw new Error(`Cannot read ${what}: it was written by a newer version of the gateway`)
}
