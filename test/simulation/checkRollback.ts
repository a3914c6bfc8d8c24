import type { Cells } from '../../shared/lib/tableStore.ts'
import type { Claim, Pin } from '../../shared/retraining/head.ts'
import type { Sim } from './sim.ts'
import type { ModelView } from './witness.ts'

/** The pin of a head row. */
export function pinOf(head: Cells): Pin | undefined {
  return head.pin === undefined ? undefined : (JSON.parse(String(head.pin)) as Pin)
}

/**
 * S1 with its one exception: live goes down to the pinned generation only; nobody else claims while it is pinned, and
 * nothing that was opened before a rollback ever again, unless it is what was rolled back to. What was opened when is kept
 * here, beside what the app's own row says.
 */
export function checkRollback(sim: Sim, view: ModelView, after: Cells): void {
  const { head: before, partition } = view
  const pin = pinOf(before)
  const [was, is] = [Number(before.live ?? 0), Number(after.live ?? 0)]
  if (was !== is && pin !== undefined && pin.generation !== is) {
    sim.violate('S1', `${is} of ${partition} goes live while ${pin.generation} is pinned`)
  }
  if (is < was && pin?.generation !== is) {
    sim.violate('S1', `live of ${partition} goes down from ${was} to ${after.live ?? 'none'}`)
  }
  const claimed = newClaim(before, after)
  if (claimed !== undefined) {
    const { generation } = claimed
    if (pin !== undefined && pin.generation !== generation) {
      sim.violate('S1', `${generation} of ${partition} claims while ${pin.generation} is pinned`)
    }
    if (pin === undefined && generation !== was && generation <= (view.rolledBackAt ?? 0)) {
      sim.violate('S1', `${generation} of ${partition} claims, opened before the rollback to ${was}`)
    }
  }
  const pinned = pinOf(after)
  if (pinned !== undefined && pinned.atMs !== pin?.atMs) view.rolledBackAt = Number(before.lastGeneration)
}

function newClaim(before: Cells, after: Cells): Claim | undefined {
  const [was, is] = [claimOf(before), claimOf(after)]
  return is === undefined || is.owner === '' || is.owner === was?.owner ? undefined : is
}

function claimOf(head: Cells): Claim | undefined {
  return head.claim === undefined ? undefined : (JSON.parse(String(head.claim)) as Claim)
}
