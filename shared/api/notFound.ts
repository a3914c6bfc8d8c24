import type { ModelKey, RunKey } from '../retraining/names.ts'
import { Problem } from './problem.ts'

/** 404: `Cannot show contoso/census: there is no such model`. */
export function noSuchModel(verb: string, { customerId, model }: ModelKey): Problem {
  const detail = `Cannot ${verb} ${customerId}/${model}: there is no such model of such a customer`
  return new Problem(404, 'no-such-model', detail)
}

/** 404 of a generation that was never opened, or whose record is gone. */
export function noSuchRun(verb: string, { customerId, model, generation }: RunKey): Problem {
  const detail = `Cannot ${verb} generation ${generation} of ${customerId}/${model}: there is no such run`
  return new Problem(404, 'no-such-run', detail)
}
