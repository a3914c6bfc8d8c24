import { TerminalError } from './errors.ts'
import { type NoteHealthPorts, noteFailure, pauseService } from './noteHealth.ts'
import type { Run } from './run.ts'
import { CredentialRefused } from './services.ts'

/** Says that a call of a training service failed: `cause` is what was thrown. */
export class ServiceTrouble extends Error {
  override readonly name = 'ServiceTrouble'
}

/** Marks what a call of a training service throws, so that it counts against the service; a TerminalError is the run's own. */
export async function atService<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call
  } catch (cause) {
    if (cause instanceof TerminalError) throw cause
    throw new ServiceTrouble('the training service failed', { cause })
  }
}

/** How long a refused key is tried again before the service is paused, or the run gives up, in ms. */
const credentialPatienceMs = 15 * 60_000

/** Whether a refused key was tried long enough. */
export function isOutOfPatience(run: Run, error: unknown, nowMs: number): boolean {
  const sinceAtMs = run.retry?.sinceAtMs ?? nowMs
  return error instanceof CredentialRefused && nowMs - sinceAtMs >= credentialPatienceMs
}

/**
 * Counts a failed call against the training service: a key that is refused for 15 minutes pauses it, and so do failures in a
 * row to start jobs of several customers. Answers whether it is paused. `reason` is redacted.
 */
export async function countAgainst(
  ports: NoteHealthPorts,
  run: Run,
  cause: unknown,
  reason: string,
): Promise<boolean> {
  if (isOutOfPatience(run, cause, ports.now())) {
    await pauseService(ports, run.trainingService, `the service refuses the key: ${reason}`)
    return true
  }
  if (run.state === 'queued' || run.state === 'submitted') {
    return noteFailure(ports, run, { cause: 'calls', reason })
  }
  const { health } = await ports.readSlots(run.trainingService)
  return health?.value.paused !== undefined
}
