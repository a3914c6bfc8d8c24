import type { BlobStore } from '../../shared/lib/blobStore.ts'
import { RetryableError } from '../../shared/retraining/errors.ts'
import type { CallKind } from './faults.ts'
import type { Call, Invocation, Sim } from './sim.ts'

/** In every SAS, key and token of the simulation: found anywhere, it is a leak. */
export const canary = 'cAnArY7f3'

/** Who calls, how, and who is told of every blob that was written. */
export type BlobAccess = {
  sim: Sim
  call: Call
  invocation: Invocation
  written(container: string, name: string): void
  /** Asked at the moment that a blob goes. */
  removing?(container: string, name: string): void
}

/** A container in memory as one invocation sees it; streams may be cut, a SAS holds a canary. */
export function simulatedContainer(store: BlobStore, access: BlobAccess): BlobStore {
  const { sim, call, invocation } = access
  const { container } = store
  const ask = <Answer>(kind: CallKind, text: string, apply: () => Promise<Answer>): Promise<Answer> =>
    call(invocation, { kind, text: () => text }, apply)
  return {
    container,
    create: () => store.create(),
    facts: (name) => ask('read', `facts ${container}/${name}`, () => store.facts(name)),
    read: (name, maxBytes) => ask('read', `read ${container}/${name}`, () => store.read(name, maxBytes)),
    stream: (name, etag) =>
      ask('read', `stream ${container}/${name}`, async () => {
        const found = await store.stream(name, etag)
        return found.kind === 'found' && sim.faults.happens('streamCut')
          ? { ...found, content: cut(found.content) }
          : found
      }),
    createOnly: (name, content, contentType, metadata) =>
      ask('write', `create ${container}/${name}`, async () => {
        const answer = await store.createOnly(name, content, contentType, metadata)
        if (answer === 'created') access.written(container, name)
        return answer
      }),
    put: (name, content, contentType) =>
      ask('write', `put ${container}/${name}`, () => store.put(name, content, contentType)),
    remove: (name, etag) =>
      ask('write', `remove ${container}/${name}`, async () => {
        access.removing?.(container, name)
        await store.remove(name, etag)
      }),
    list: (prefix, page) => ask('read', `list ${container}/${prefix}`, () => store.list(prefix, page)),
    readOnlyReference: async (name, startsAtMs, expiresAtMs) => ({
      baseLocation: 'https://app.blob.core.windows.net/',
      relativeLocation: `${container}/${name}`,
      sasBlobToken: sasToken(startsAtMs, expiresAtMs),
    }),
    writeOnlyReference: (name, startsAtMs, expiresAtMs) =>
      store.writeOnlyReference(name, startsAtMs, expiresAtMs),
  }
}

/** A token as Azure's, with the canary in its signature. */
export function sasToken(startsAtMs: number, expiresAtMs: number): string {
  const at = (ms: number) => encodeURIComponent(new Date(ms).toISOString())
  return `?sv=2024-11-04&st=${at(startsAtMs)}&se=${at(expiresAtMs)}&sr=b&sp=r&sig=${canary}%2Bq%3D`
}

/** When a token runs out, as its own text says. */
export function sasExpiryMs(token: string): number {
  return Date.parse(decodeURIComponent(/[?&]se=([^&]+)/.exec(token)?.[1] ?? ''))
}

async function* cut(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    yield chunk.subarray(0, chunk.byteLength >> 1)
    throw new RetryableError('Cannot read the blob: the connection was cut')
  }
}
