import { type FunctionDefinition, functionId, type Trigger } from '../invocation/functionDefinition.ts'
import type { InvocationOutcome, TriggerCall } from '../invocation/invoker.ts'
import type { HostLog } from '../log.ts'
import type { DataContainer, ReadBlob } from '../storage/dataContainer.ts'
import { type BlobMessage, decodeBlobMessage } from './blobMessage.ts'
import { compilePattern } from './pathPattern.ts'

/** A function that blobs start. */
export type BlobFunction = FunctionDefinition<Extract<Trigger, { kind: 'blob' }>>

/** What running a blob function for a message of the internal queue needs. `notify` tells of another version. */
export type RunBlobPorts = {
  functions: readonly BlobFunction[]
  container(connection: string, name: string): DataContainer
  notify(message: BlobMessage): Promise<unknown>
  invoke(definition: FunctionDefinition, call: TriggerCall): Promise<InvocationOutcome>
  log: HostLog
}

/**
 * Runs the function that a message names. A function or a blob that is gone is dropped; another version of the blob is told
 * of anew, so that it runs for what is there. Answers whether the message is done. Source: BlobQueueTriggerExecutor.
 */
export async function runBlobMessage(ports: RunBlobPorts, text: string): Promise<boolean> {
  const message = decodeBlobMessage(text)
  const definition = ports.functions.find(({ name }) => functionId(name) === message.functionId)
  if (definition === undefined) {
    ports.log.warn(`A blob message for ${message.functionId} is dropped: there is no such function`)
    return true
  }
  const container = ports.container(definition.trigger.connection, message.containerName)
  const now = await container.etag(message.blobName)
  if (now === undefined) return true
  if (now.etag !== message.etag) {
    await ports.notify({ ...message, etag: now.etag, blobType: now.blobType })
    return true
  }
  const blob = await container.read(message.blobName)
  if (blob === undefined) return true
  const outcome = await ports.invoke(definition, blobCall(definition.trigger.path, message, blob))
  return outcome.kind === 'succeeded'
}

/** What a blob function gets: the bytes, and where they are from. Pure. */
export function blobCall(path: string, message: BlobMessage, blob: ReadBlob): TriggerCall {
  const parameters = compilePattern(path).match(message.blobName) ?? {}
  return {
    data: { bytes: blob.bytes },
    metadata: {
      BlobTrigger: { string: `${message.containerName}/${message.blobName}` },
      Uri: { json: JSON.stringify(blob.uri) },
      Properties: { json: JSON.stringify(blob.properties) },
      Metadata: { json: JSON.stringify(blob.metadata) },
      ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { string: value }])),
    },
  }
}
