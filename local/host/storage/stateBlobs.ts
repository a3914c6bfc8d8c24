import { randomUUID } from 'node:crypto'
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob'
import { codeOf } from './azureQueue.ts'

/** A lease that is held. `renew` answers `false` once it is lost. */
export type Lease = { id: string; renew(): Promise<boolean>; release(): Promise<void> }

/** Small texts of the host in one container: status, receipts, locks. In memory for tests: `test/local/host/fakes/memoryState.ts`. */
export type StateBlobs = {
  read(name: string): Promise<{ text: string; metadata: Record<string, string> } | undefined>
  write(name: string, text: string, lease?: Lease): Promise<void>
  /** Writes an empty blob where there is none. */
  create(name: string, metadata: Record<string, string>): Promise<'created' | 'exists'>
  setMetadata(name: string, metadata: Record<string, string>, lease: Lease): Promise<void>
  /** `undefined`: somebody else has it, or there is no such blob. `seconds`: 15 to 60. */
  lease(name: string, seconds: number): Promise<Lease | undefined>
}

/** The container of that name in the host's account, created where it is missing. */
export function azureStateBlobs(service: BlobServiceClient, containerName: string): StateBlobs {
  const container = service.getContainerClient(containerName)
  const blob = (name: string) => container.getBlockBlobClient(name)
  return {
    read: async (name) => {
      const found = await ifFound(() => blob(name).download())
      if (found === undefined) return undefined
      return { text: await textOf(found.readableStreamBody), metadata: found.metadata ?? {} }
    },
    write: (name, text, lease) =>
      inContainer(container, async () => {
        const conditions = lease === undefined ? {} : { leaseId: lease.id }
        await blob(name).upload(text, Buffer.byteLength(text), { conditions })
      }),
    create: (name, metadata) => inContainer(container, () => createBlob(container, name, metadata)),
    setMetadata: async (name, metadata, lease) => {
      await blob(name).setMetadata(metadata, { conditions: { leaseId: lease.id } })
    },
    lease: (name, seconds) => leaseBlob(container, name, seconds),
  }
}

async function createBlob(container: ContainerClient, name: string, metadata: Record<string, string>) {
  try {
    const conditions = { ifNoneMatch: '*' }
    await container.getBlockBlobClient(name).upload('', 0, { metadata, conditions })
    return 'created' as const
  } catch (thrown) {
    // A leased blob answers LeaseIdMissing before the condition is looked at.
    if (['BlobAlreadyExists', 'LeaseIdMissing', 'ConditionNotMet'].includes(codeOf(thrown) ?? ''))
      return 'exists' as const
    throw thrown
  }
}

async function leaseBlob(
  container: ContainerClient,
  name: string,
  seconds: number,
): Promise<Lease | undefined> {
  const client = container.getBlobClient(name).getBlobLeaseClient(randomUUID())
  try {
    await client.acquireLease(seconds)
  } catch (thrown) {
    if (['LeaseAlreadyPresent', 'BlobNotFound', 'ContainerNotFound'].includes(codeOf(thrown) ?? ''))
      return undefined
    throw thrown
  }
  return {
    id: client.leaseId,
    renew: () => held(() => client.renewLease()),
    release: async () => void (await held(() => client.releaseLease())),
  }
}

async function held(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (thrown) {
    if (/^(Lease|BlobNotFound|ContainerNotFound)/.test(codeOf(thrown) ?? '')) return false
    throw thrown
  }
}

async function inContainer<Answer>(container: ContainerClient, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (thrown) {
    if (codeOf(thrown) !== 'ContainerNotFound') throw thrown
    await container.createIfNotExists()
    return call()
  }
}

/** The answer, or `undefined` when the blob or its container is missing. */
export async function ifFound<Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call()
  } catch (thrown) {
    const { statusCode } = thrown as { statusCode?: number }
    if (statusCode === 404) return undefined
    throw thrown
  }
}

/** The whole of a body as text. */
export async function textOf(body: NodeJS.ReadableStream | undefined): Promise<string> {
  return (await bytesOf(body)).toString('utf8')
}

/** The whole of a body. */
export async function bytesOf(body: NodeJS.ReadableStream | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of body ?? []) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
