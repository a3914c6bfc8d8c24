import { z } from 'zod'
import { RetryableError } from '../../retraining/errors.ts'

/**
 * Decodes the body of a 2xx answer. One that does not fit (a proxy's page, half a body) may pass: `RetryableError` with the
 * names of the wrong members, never their values.
 */
export function decodeAnswer<Value>(what: string, text: string, decode: (text: string) => Value): Value {
  try {
    return decode(text)
  } catch (error) {
    const reason = error instanceof z.ZodError ? wrongMembers(error) : 'it is no JSON'
    throw new RetryableError(`Cannot ${what}: the answer is not understood: ${reason}`)
  }
}

function wrongMembers({ issues }: z.ZodError): string {
  const names = issues.map((issue) => issue.path.join('.') || 'the whole')
  return `wrong or missing: ${[...new Set(names)].join(', ')}`
}
