import { z } from 'zod'
import type { Job, ResourceLocation } from '../../retraining/services.ts'
import { failureMessage } from './failureMessage.ts'

/** What `submit` sends: the input by SAS, for the service's input port; outputs go where the service puts them. */
export function encodeSubmission(inputPort: string, input: ResourceLocation): object {
  const { BaseLocation, RelativeLocation, SasBlobToken } = encodeLocation(input)
  return {
    Inputs: { [inputPort]: { ConnectionString: null, BaseLocation, RelativeLocation, SasBlobToken } },
    GlobalParameters: {},
  }
}

/** A location as the service wants it. */
export function encodeLocation({ baseLocation, relativeLocation, sasBlobToken }: ResourceLocation) {
  return { BaseLocation: baseLocation, RelativeLocation: relativeLocation, SasBlobToken: sasBlobToken }
}

/** The job id that `submit` answers: a bare JSON string. Throws what zod throws when it is none. */
export function decodeJobId(text: string): string {
  return z
    .string()
    .regex(/^[\w-]{1,128}$/)
    .parse(JSON.parse(text))
}

/** By the service's numbers. Source: classic-protocol.md, 3.4. */
const statuses = ['NotStarted', 'Running', 'Failed', 'Cancelled', 'Finished'] as const
type Status = (typeof statuses)[number]

/** A string in every observation, a number in some documents; `Canceled` and `Not started` occur in some. */
const statusCode = z.union([z.string(), z.int()]).transform((code, context): Status => {
  const word = String(code).replace(/\s/g, '').toLowerCase().replace('canceled', 'cancelled')
  const status = statuses.find((known, number) => known.toLowerCase() === word || String(number) === word)
  if (status !== undefined) return status
  context.addIssue('no known status')
  return z.NEVER
})

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const location = z.object({ BaseLocation: text, RelativeLocation: text, SasBlobToken: text })

const jobAnswer = z.object({
  StatusCode: statusCode,
  Results: z.record(z.string(), location).nullish(),
  Details: z.unknown().optional(),
})

/**
 * Decodes a job's status. Throws what zod throws when it is none. `redact` passes the details, which may repeat the SAS of
 * our own input.
 */
export function decodeJob(answer: string, redact: (text: string) => string): Job {
  const { StatusCode: status, Results, Details } = jobAnswer.parse(JSON.parse(answer))
  switch (status) {
    case 'NotStarted':
    case 'Running':
    case 'Cancelled':
      return { status }
    case 'Failed':
      return failedJob(redact(detailsText(Details)), redact)
    case 'Finished':
      return { status, outputs: decodeOutputs(Results ?? {}) }
  }
}

/** Decoding the message may bring back what redact did not see in its escaped form. */
function failedJob(details: string, redact: (text: string) => string): Job {
  const message = redact(failureMessage(details))
  return { status: 'Failed', details, ...(message !== details && { message }) }
}

function detailsText(details: unknown): string {
  if (typeof details === 'string' && details.trim() !== '') return details
  return details === null || details === undefined || details === '' ? 'no details' : JSON.stringify(details)
}

/** Outputs by port. One without a place to read it from (written by a connection string of others) is left out. */
function decodeOutputs(results: Record<string, z.infer<typeof location>>): Record<string, ResourceLocation> {
  return Object.fromEntries(
    Object.entries(results)
      .filter(([, { BaseLocation, RelativeLocation }]) => BaseLocation !== '' && RelativeLocation !== '')
      .map(([port, place]) => [port, decodeLocation(place)]),
  )
}

/** Clients concatenate the three parts: the slashes and the `?` at the joints are put right. */
export function decodeLocation(place: z.infer<typeof location>): ResourceLocation {
  const token = place.SasBlobToken
  return {
    baseLocation: `${place.BaseLocation.replace(/\/+$/, '')}/`,
    relativeLocation: place.RelativeLocation.replace(/^\/+/, ''),
    sasBlobToken: token === '' || token.startsWith('?') ? token : `?${token}`,
  }
}
