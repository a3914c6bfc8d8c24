import type { BlobFacts } from '../../lib/blobStore.ts'

/** The properties of a blob as any call of the blob client answers them. */
export type BlobProperties = {
  etag?: string | undefined
  contentLength?: number | undefined
  contentMD5?: Uint8Array | undefined
  lastModified?: Date | undefined
}

/** Facts from a call's answer; the service leaves the MD5 out where it has none. */
export function factsOf(
  name: string,
  properties: BlobProperties,
  metadata: Readonly<Record<string, string>> = {},
): BlobFacts {
  const { etag, contentLength, contentMD5, lastModified } = properties
  return {
    name,
    etag: bareEtag(etag ?? ''),
    sizeBytes: contentLength ?? 0,
    lastModifiedMs: lastModified?.getTime() ?? 0,
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value])),
    ...(contentMD5 === undefined || contentMD5.byteLength === 0
      ? {}
      : { md5: Buffer.from(contentMD5).toString('base64') }),
  }
}

/** `W/"0x8D"` and `"0x8D"` become `0x8D`: list answers ETags without quotes, get and put with. */
export function bareEtag(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '')
}

/** The form that conditions want. */
export function quotedEtag(etag: string): string {
  return `"${bareEtag(etag)}"`
}
