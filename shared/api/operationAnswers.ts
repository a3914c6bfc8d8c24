import type { ModelKey } from '../retraining/names.ts'
import type { SettingsStore } from '../retraining/stores.ts'
import { Problem } from './problem.ts'

/** What can't be done to a model, and why: 409, or 404 where there is no such generation. */
export function refused(verb: string, { customerId, model }: ModelKey, reason: string): Problem {
  const detail = `Cannot ${verb} ${customerId}/${model}: ${reason}`
  return reason.startsWith('there is no generation')
    ? new Problem(404, 'no-such-run', detail)
    : new Problem(409, 'refused', detail)
}

/** Throws Problem 404 for a model without settings. */
export async function knownModel(
  ports: Pick<SettingsStore, 'readSettings'>,
  { customerId, model }: ModelKey,
  verb: string,
): Promise<void> {
  if ((await ports.readSettings({ customerId, model })) !== undefined) return
  const detail = `Cannot ${verb} ${customerId}/${model}: there is no such model`
  throw new Problem(404, 'no-such-model', detail)
}
