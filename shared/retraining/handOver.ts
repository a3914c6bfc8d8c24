import type { ModelKey } from './names.ts'
import type { Clock, Log, SettingsStore } from './stores.ts'

/** That an endpoint was handed over: how often, and by whom the last time. */
export type Handover = ModelKey & { count: number; by: string; lastAtMs: number }

/** What handing an endpoint over needs. */
export type HandOverPorts = Pick<SettingsStore, 'readSettings'> &
  Pick<Clock, 'now'> & {
    log: Log
    /** The secret behind a reference; this answer is the only use that lets it out. */
    revealSecret(reference: string): Promise<string>
    readHandover(key: ModelKey): Promise<{ value: Handover; etag: string } | undefined>
    /** `conflict` when somebody else handed it over meanwhile. */
    writeHandover(handover: Handover, etag: string | undefined): Promise<'written' | 'conflict'>
  }

/** Who asks. `again`: also when it was handed over before. `gateway`: nothing secret is told, the gateway's subscription is. */
export type HandoverOrder = { by: string; again: boolean; gateway: boolean }

/** The answer: `key` is the endpoint's own and is told once; with the gateway the reference to it is told in its place. */
export type HandedOver =
  | { kind: 'unknown' }
  | { kind: 'handedOver'; by: string; lastAtMs: number }
  | { kind: 'key'; url: string; key: string }
  | { kind: 'gateway'; scoringUrl: string; keyReference: string }

/**
 * Tells an operator where a customer's endpoint is scored and by which key, once: a second time only with `again`. The key is
 * resolved before anything is written, so that a missing one does not use up the one time.
 */
export async function handOver(
  ports: HandOverPorts,
  key: ModelKey,
  order: HandoverOrder,
): Promise<HandedOver> {
  const settings = await ports.readSettings(key)
  if (settings === undefined) return { kind: 'unknown' }
  const before = await ports.readHandover(key)
  if (before !== undefined && !order.again) return told(before.value)
  const { scoringUrl, apiKey } = settings.endpoint
  const secret = order.gateway ? undefined : await ports.revealSecret(apiKey)
  const { customerId, model } = key
  const count = (before?.value.count ?? 0) + 1
  const handover = { customerId, model, count, by: order.by, lastAtMs: ports.now() }
  if ((await ports.writeHandover(handover, before?.etag)) === 'conflict') {
    const other = await ports.readHandover(key)
    return told(other?.value ?? handover)
  }
  ports.log.warn({ customerId, model }, `endpoint handed over to ${order.by}`)
  if (secret === undefined) return { kind: 'gateway', scoringUrl, keyReference: apiKey }
  return { kind: 'key', url: executeUrl(scoringUrl), key: secret }
}

function told({ by, lastAtMs }: Handover): HandedOver {
  return { kind: 'handedOver', by, lastAtMs }
}

/** What a customer's client posts rows to. Source: the help page of a web service, Request Response. */
function executeUrl(scoringUrl: string): string {
  return `${scoringUrl.replace(/\/+$/, '')}/execute?api-version=2.0&details=true`
}
