import { endpointName } from './predictiveServices.ts'
import { secretName } from './prepareEndpoint.ts'
import type { Endpoint } from './services.ts'
import type { WrittenSettings } from './settings.ts'
import type { Log } from './stores.ts'
import { textOf } from './trouble.ts'

/** What removing a stored key needs. `removeSecret`: a reference that the app does not keep (`env:`) stays. */
export type ForgetKeyPorts = { removeSecret(reference: string): Promise<'removed' | 'kept'> }

/**
 * Removes the key of an endpoint that is used no more, if the app itself stored it for this endpoint: a reference given by
 * hand may be others' too. `hash` is the one that the name was made with.
 */
export async function forgetKey(
  ports: ForgetKeyPorts,
  { url, apiKey }: Pick<Endpoint, 'url' | 'apiKey'>,
  hash: (text: string) => string,
): Promise<'removed' | 'kept'> {
  const own = secretName(endpointName(url), hash(url))
  return apiKey.endsWith(`:${own}`) ? ports.removeSecret(apiKey) : 'kept'
}

/** As {@link ForgetKeyPorts}, with what the name was made with. */
export type ForgetOldKeyPorts = ForgetKeyPorts & {
  nameHash(text: string): string
  log: Log
  redact(text: string): string
}

/**
 * Under another host an endpoint's key has another name. The old one is nobody's any more, and would outlive an erasing; that
 * it could not be removed is in the log, and no reason against the new one.
 */
export async function forgetOldKey(
  ports: ForgetOldKeyPorts,
  before: WrittenSettings | undefined,
  { endpoint, customerId, model }: WrittenSettings,
): Promise<void> {
  if (before === undefined || before.endpoint.apiKey === endpoint.apiKey) return
  try {
    await forgetKey(ports, before.endpoint, ports.nameHash)
  } catch (error) {
    const text = ports.redact(textOf(error))
    ports.log.warn({ customerId, model }, `the key of the endpoint's old address stays: ${text}`)
  }
}
