import type { Clock } from '../clock.ts'
import { type HostLog, reasonOf } from '../log.ts'
import type { Lease, StateBlobs } from './stateBlobs.ts'

/** What holding a lock needs. */
export type LockPorts = { state: StateBlobs; clock: Clock; log: HostLog }

/** The lease (renewed at half) and how often a host without it asks again. */
export type LockRules = { leaseMs: number; retryMs: number }

/** Does `work` for as long as the lock is held; the signal of `work` aborts when it is lost or the host stops. */
export type LockedWork = (signal: AbortSignal) => Promise<void>

/**
 * Waits for the lock `name`, does `work` under it, and begins again when it was lost, until `signal` aborts; then the lock is
 * given back. Over all hosts of one storage account and host id, one at a time works. Source: functions-host.md 2.4.
 */
export async function workUnderLock(
  ports: LockPorts,
  lock: LockRules & { name: string },
  work: LockedWork,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const lease = await acquire(ports, lock)
    if (lease === undefined) await ports.clock.after(lock.retryMs, signal)
    else await hold(ports, lock, { lease, work }, signal)
  }
}

async function acquire(ports: LockPorts, lock: LockRules & { name: string }): Promise<Lease | undefined> {
  try {
    await ports.state.create(lock.name, {})
    return await ports.state.lease(lock.name, lock.leaseMs / 1000)
  } catch (thrown) {
    ports.log.warn(`Cannot ask for the lock ${lock.name}: ${reasonOf(thrown)}`)
    return undefined
  }
}

async function hold(
  ports: LockPorts,
  lock: LockRules & { name: string },
  held: { lease: Lease; work: LockedWork },
  signal: AbortSignal,
): Promise<void> {
  const lost = new AbortController()
  const either = AbortSignal.any([signal, lost.signal])
  const renewing = renew(ports, lock, held.lease, either).then((isLost) => isLost && lost.abort())
  try {
    await held.work(either)
  } catch (thrown) {
    ports.log.error(`Cannot work under the lock ${lock.name}: ${reasonOf(thrown)}`)
    await ports.clock.after(lock.retryMs, either)
  }
  const isLost = lost.signal.aborted
  lost.abort()
  await renewing
  if (!isLost)
    await held.lease.release().catch((thrown) => ports.log.warn(`Cannot release a lock: ${reasonOf(thrown)}`))
}

/** Answers `true` when the lease was lost, `false` when the signal ended it. A renewal that fails is tried until it must be lost. */
async function renew(
  ports: LockPorts,
  lock: LockRules & { name: string },
  lease: Lease,
  signal: AbortSignal,
) {
  let heldUntilMs = ports.clock.now() + lock.leaseMs
  let waitMs = lock.leaseMs / 2
  for (;;) {
    await ports.clock.after(waitMs, signal)
    if (signal.aborted) return false
    const nowMs = ports.clock.now()
    const renewed = await lease.renew().catch((thrown) => {
      ports.log.warn(`Cannot renew the lock ${lock.name}: ${reasonOf(thrown)}`)
      return nowMs < heldUntilMs ? undefined : false
    })
    if (renewed === false) {
      ports.log.warn(`The lock ${lock.name} is lost`)
      return true
    }
    if (renewed === true) heldUntilMs = nowMs + lock.leaseMs
    waitMs = renewed === true ? lock.leaseMs / 2 : Math.max(1_000, lock.leaseMs / 20)
  }
}
