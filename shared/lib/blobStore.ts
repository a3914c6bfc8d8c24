/** What is known of a blob without reading it. `etag` is unquoted and without `W/`, from every call. */
export type BlobFacts = {
  name: string
  etag: string
  sizeBytes: number
  /** Base64 MD5 of the content where the service has one. */
  md5?: string
  lastModifiedMs: number
  metadata: Readonly<Record<string, string>>
}

/** Where a blob is, for a caller that has no key of ours: the three parts are concatenated. */
export type SasReference = {
  /** `https://account.blob.core.windows.net/`: ends in `/` (locally `http://127.0.0.1:10000/devstoreaccount1/`). */
  baseLocation: string
  /** `container/path`: no leading `/`. */
  relativeLocation: string
  /** `?sv=...`: opens this one blob. Never recorded or logged. */
  sasBlobToken: string
}

/**
 * One container of a storage account, as plain functions. The in-memory twin is `test/fakes/memoryBlobs.ts`.
 */
export type BlobStore = {
  /** The container's name. */
  container: string
  /** Creates the container where it is missing. */
  create(): Promise<void>
  facts(name: string): Promise<BlobFacts | undefined>
  /** The whole blob, or `undefined` where it is missing; refuses (TerminalError) above `maxBytes`. */
  read(name: string, maxBytes: number): Promise<Uint8Array | undefined>
  /** The blob as a stream, only if its ETag still is `etag` where given; `changed` when it is not. */
  stream(
    name: string,
    etag?: string,
  ): Promise<
    { kind: 'found'; facts: BlobFacts; content: AsyncIterable<Uint8Array> } | { kind: 'missing' | 'changed' }
  >
  /** Writes a new blob in constant memory; an existing one stays as it is. Commits nothing when the stream fails. */
  createOnly(
    name: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    contentType: string,
    metadata?: Readonly<Record<string, string>>,
  ): Promise<'created' | 'exists'>
  /** Writes the blob whatever is there (people's drops, in tests and the CLI). */
  put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>, contentType: string): Promise<BlobFacts>
  /** With an ETag only that very version: a newer one stays. A blob that is gone is fine. */
  remove(name: string, etag?: string): Promise<void>
  /** Blobs in name order, a page at a time: from the first, from the name `from` on, or from where a page said `next`. */
  list(
    prefix: string,
    page: { size: number; next?: string; from?: string },
  ): Promise<{ blobs: BlobFacts[]; next?: string }>
  /** Signs a read-only SAS for this one blob. */
  readOnlyReference(name: string, startsAtMs: number, expiresAtMs: number): Promise<SasReference>
  /** Signs a SAS that writes this one blob, also in blocks, and can neither read nor list. The name should be a fresh one. */
  writeOnlyReference(name: string, startsAtMs: number, expiresAtMs: number): Promise<SasReference>
}
