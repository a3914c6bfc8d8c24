import { type ErrorClass, serviceError } from '../http/serviceError.ts'
import { isObject } from '../storage/blobReference.ts'

/** Global parameters by name; one without a default is required. */
type Declared = Readonly<Record<string, { default?: string | number }>>

const missingMessage =
  'Not all required web service parameter(s) provided. Verify the parameter(s) expected for the module(s) are correct and try again.'
const unexpectedMessage =
  'Unexpected parameters provided. Verify all parameter names are spelled correctly, only expected parameters are passed, and try again.'

/**
 * The values given for a service's global parameters: names are case-sensitive, values text or numbers.
 * Throws UnexpectedParameter, MissingRequiredGlobalParameters or BadParameterValue in the given class.
 */
export function checkParameters(
  declared: Declared,
  given: unknown,
  errorClass: Extract<ErrorClass, 'BadArgument' | 'BadUserArgument'>,
): Record<string, string | number> {
  const values: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(isObject(given) ? given : {})) {
    if (!Object.hasOwn(declared, name))
      throw serviceError(errorClass, 'UnexpectedParameter', unexpectedMessage, name)
    if (typeof value === 'string' || typeof value === 'number') values[name] = value
    else if (value !== null) {
      const message = 'The parameter value supplied does not satisfy the parameter rule on the parameter'
      throw serviceError('BadArgument', 'BadParameterValue', message, name)
    }
  }
  for (const [name, parameter] of Object.entries(declared)) {
    if (parameter.default === undefined && values[name] === undefined) {
      throw serviceError(errorClass, 'MissingRequiredGlobalParameters', missingMessage, name)
    }
  }
  return values
}
