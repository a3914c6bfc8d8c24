/** A message of the internal queue: this version of this blob is to start this function. `etag` is unquoted. */
export type BlobMessage = {
  functionId: string
  blobType: string
  containerName: string
  blobName: string
  etag: string
}

/** The message as the real host writes it, and as it lies in the poison queue. Pure. Source: functions-host.md 2.2. */
export function encodeBlobMessage(message: BlobMessage): string {
  return JSON.stringify({
    Type: 'BlobTrigger',
    FunctionId: message.functionId,
    BlobType: message.blobType,
    ContainerName: message.containerName,
    BlobName: message.blobName,
    ETag: `"${message.etag}"`,
  })
}

/** Reads a message of the internal queue; throws for anything else. Pure. */
export function decodeBlobMessage(text: string): BlobMessage {
  const given: Record<string, unknown> = JSON.parse(text)
  const { FunctionId, BlobType, ContainerName, BlobName, ETag } = given
  if (
    typeof FunctionId !== 'string' ||
    typeof ContainerName !== 'string' ||
    typeof BlobName !== 'string' ||
    typeof ETag !== 'string'
  ) {
    throw new Error('Cannot read a blob message: a name or the ETag is missing')
  }
  const blobType = typeof BlobType === 'string' ? BlobType : 'BlockBlob'
  const etag = ETag.replaceAll('"', '')
  return { functionId: FunctionId, blobType, containerName: ContainerName, blobName: BlobName, etag }
}
