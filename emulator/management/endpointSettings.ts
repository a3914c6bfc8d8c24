import { bodyInvalid } from '../http/body.ts'
import { memberOf } from '../http/members.ts'
import { serviceError } from '../http/serviceError.ts'
import type { EndpointSettings } from '../state/records.ts'

/** RRS requests at a time: what an endpoint begins with, and the bounds. Source: contract section 7. */
export const defaultConcurrency = 20
const mostConcurrency = 200

/**
 * The settings that a PUT or PATCH body names; null counts as not named, other members are ignored, numbers and booleans
 * may be text. Throws RequestBodyInvalid, or WebServiceTooManyConcurrentRequestRequirement above 200 calls.
 */
export function decodeEndpointSettings(json: Record<string, unknown>): Partial<EndpointSettings> {
  const settings: Partial<EndpointSettings> = {}
  const read = <K extends keyof EndpointSettings>(
    key: K,
    member: string,
    decode: (value: unknown, member: string) => EndpointSettings[K],
  ) => {
    const value = memberOf(json, member)
    if (value !== undefined && value !== null && value !== '') settings[key] = decode(value, member)
  }
  read('description', 'Description', text)
  read('throttleLevel', 'ThrottleLevel', oneOf(['Low', 'High']))
  read('diagnosticsTraceLevel', 'DiagnosticsTraceLevel', oneOf(['None', 'Error', 'All']))
  read('preventUpdate', 'PreventUpdate', truth)
  read('sampleDataEnabled', 'SampleDataEnabled', truth)
  // Low means 4, whatever MaxConcurrentCalls says: clients send it along, also as 500.
  if (settings.throttleLevel !== 'Low') read('maxConcurrentCalls', 'MaxConcurrentCalls', concurrency)
  return settings
}

function oneOf<T extends string>(values: readonly T[]): (value: unknown, member: string) => T {
  return (value, member) => {
    const found = values.find((known) => known.toLowerCase() === String(value).toLowerCase())
    if (found === undefined) throw bodyInvalid(`${member} must be ${values.join(' or ')}.`)
    return found
  }
}

function text(value: unknown, member: string): string {
  if (typeof value === 'object') throw bodyInvalid(`${member} must be text.`)
  return String(value)
}

/** A boolean as JSON or as the text `True`/`False`. */
export function truth(value: unknown, member: string): boolean {
  const text = String(value).toLowerCase()
  if (text !== 'true' && text !== 'false') throw bodyInvalid(`${member} must be true or false.`)
  return text === 'true'
}

function concurrency(value: unknown, member: string): number {
  const calls = Number(value)
  if (!Number.isInteger(calls) || calls < 1) throw bodyInvalid(`${member} must be a whole number from 1.`)
  if (calls <= mostConcurrency) return calls
  const message = `Cannot set concurrent request requirement to more than ${mostConcurrency}.`
  throw serviceError('BadArgument', 'WebServiceTooManyConcurrentRequestRequirement', message, member)
}
