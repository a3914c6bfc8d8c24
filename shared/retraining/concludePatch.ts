import { withoutClaim } from './claimEndpoint.ts'
import { holdsClaim, leftBehind, rightful } from './fence.ts'
import { type Claim, emptyHead, type Head } from './head.ts'
import { ids } from './names.ts'
import type { Run } from './run.ts'
import type { Clock, Log, Messages, RunStore } from './stores.ts'
import { swapHead, swapPair } from './swap.ts'
import { addEntry } from './timeline.ts'

/** What recording a PATCH needs: when to look at the endpoint and for how long, in seconds. */
export type ConcludePorts = RunStore &
  Pick<Messages, 'sendUpdate'> &
  Pick<Clock, 'now' | 'newId'> & { log: Log; checkDelaySeconds: number; checkDeadlineSeconds: number }

/**
 * Gives the claim back after a PATCH that was answered, and has the endpoint checked. `overtaken`: the claim ran out
 * meanwhile and somebody else has it, or a rollback came: our PATCH may have undone theirs.
 */
export async function concludePatch(
  ports: ConcludePorts,
  run: Run,
  claim: Claim,
): Promise<'concluded' | 'overtaken'> {
  const nowMs = ports.now()
  const check = { token: ports.newId(), dueAtMs: nowMs + ports.checkDelaySeconds * 1000, count: 0 }
  const deadlineAtMs = nowMs + ports.checkDeadlineSeconds * 1000
  const pair = await swapPair(ports, run, ({ run: fresh, head }) => {
    if (!holdsClaim(head, claim) || leftBehind(head, run.generation) !== undefined) return undefined
    if (fresh.state !== 'updating' || fresh.update === undefined) return undefined
    const update = { ...fresh.update, patchedAtMs: nowMs, deadlineAtMs, check }
    const timeline = addEntry(fresh.timeline, nowMs, `endpoint updated, update ${claim.attempt}`)
    return {
      run: { ...fresh, update, retry: undefined, updatedAtMs: nowMs, timeline },
      head: withoutClaim(head, claim),
    }
  })
  if (pair === undefined) return 'overtaken'
  ports.log.info({ ...ids(run), attempt: claim.attempt }, 'endpoint updated')
  await ports.sendUpdate({ v: 1, kind: 'check', ...ids(run), token: check.token }, ports.checkDelaySeconds)
  return 'concluded'
}

/**
 * Our PATCH came after the claim was lost, or after a rollback: the generation that has the right to the endpoint is put
 * back. Answers the head.
 */
export async function rescueFence(ports: ConcludePorts, run: Run, claim: Claim): Promise<Head> {
  const given = await swapHead(ports, run, (head) =>
    holdsClaim(head, claim) ? withoutClaim(head, claim) : undefined,
  )
  const head = given ?? (await ports.readHead(run))?.value ?? emptyHead
  const generation = rightful(head)
  ports.log.warn({ ...ids(run), floor: head.floor }, `overtaken during the update: ${generation} goes back`)
  if (generation !== undefined)
    await ports.sendUpdate({ v: 1, kind: 'update', ...ids(run), generation, again: true }, 0)
  return head
}

/** The PATCH may still take effect: nobody else gets the claim before it runs out, this generation may go on with it. */
export async function leaveClaim(ports: ConcludePorts, run: Run, claim: Claim): Promise<void> {
  await swapHead(ports, run, (head) =>
    holdsClaim(head, claim) ? { ...head, claim: { ...claim, owner: '' } } : undefined,
  )
}
