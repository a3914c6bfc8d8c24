import { fingerprint } from './fingerprint.ts'
import type { EndpointPort } from './services.ts'
import type { ModelSettings } from './settings.ts'
import type { Log } from './stores.ts'
import { textOf } from './trouble.ts'

/** What scoring the probe row needs. */
export type ProbePorts = Pick<EndpointPort, 'score'> & { log: Log; redact(text: string): string }

const longestKept = 8_000

/**
 * Scores the model's probe row, where it has one: the answer's columns as JSON text, or the fingerprint of a very long one. An endpoint that doesn't answer gives
 * no evidence, and no trouble either: undefined.
 */
export async function probeEndpoint(ports: ProbePorts, settings: ModelSettings): Promise<string | undefined> {
  if (settings.probeRow === undefined) return undefined
  try {
    const [answer] = await ports.score(settings.endpoint, [settings.probeRow])
    return answer === undefined ? undefined : canonical(answer)
  } catch (error) {
    const { customerId, model } = settings
    ports.log.warn({ customerId, model }, ports.redact(`the probe row was not scored: ${textOf(error)}`))
    return undefined
  }
}

/** An answer of thousands of columns stands on the run as its fingerprint: a cell of a row holds 32,768 characters. */
function canonical(answer: Record<string, string>): string {
  const text = JSON.stringify(Object.entries(answer).sort(([one], [other]) => (one < other ? -1 : 1)))
  return text.length > longestKept ? `fingerprint ${fingerprint(text)}` : text
}

/** What an endpoint's answers say of an update. `pending`: it still answers as before. */
export type Evidence = { kind: 'seen'; text: string } | { kind: 'pending' }

/**
 * Weighs the probe answers. The same model as before (by checksum) answers the same; a model that can't be probed is
 * known by its location only. Pure.
 */
export function weighProbe(
  before: string | undefined,
  after: string | undefined,
  sameModel: boolean,
): Evidence {
  if (before === undefined || after === undefined) return { kind: 'seen', text: 'location only' }
  if (before !== after) return { kind: 'seen', text: 'location and probe row' }
  return sameModel ? { kind: 'seen', text: 'location; the model is the same as before' } : { kind: 'pending' }
}
