import type { ModelKey, RunKey } from '../retraining/names.ts'
import type { ModelSettingsStore } from '../retraining/predictiveServices.ts'
import { Problem } from './problem.ts'

/** 404: `Cannot show contoso/census: there is no such model`. */
export function noSuchModel(verb: string, { customerId, model }: ModelKey): Problem {
  const detail = `Cannot ${verb} ${customerId}/${model}: there is no such model of such a customer`
  return new Problem(404, 'no-such-model', detail)
}

/** As {@link noSuchModel}; of one that was off-boarded it says by whom and why, and where its history is. */
export async function absentModel(
  ports: Pick<ModelSettingsStore, 'readWritten'>,
  verb: string,
  { customerId, model }: ModelKey,
): Promise<Problem> {
  const order = (await ports.readWritten({ customerId, model }))?.offboarded
  if (order === undefined) return noSuchModel(verb, { customerId, model })
  const when = new Date(order.atMs).toISOString().slice(0, 10)
  const left = `it was off-boarded by ${order.by} on ${when}: ${order.reason}; its runs are still listed`
  return new Problem(404, 'no-such-model', `Cannot ${verb} ${customerId}/${model}: ${left}`)
}

/** 404 of a generation that was never opened, or whose record is gone. */
export function noSuchRun(verb: string, { customerId, model, generation }: RunKey): Problem {
  const detail = `Cannot ${verb} generation ${generation} of ${customerId}/${model}: there is no such run`
  return new Problem(404, 'no-such-run', detail)
}
