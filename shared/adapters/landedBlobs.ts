import type { BlobFacts, BlobStore } from '../lib/blobStore.ts'
import type { LandedBlob } from '../retraining/drop.ts'

/** The landed blobs of `training-data`, by their facts only. */
export type LandedBlobs = {
  readBlobFacts(name: string): Promise<LandedBlob | undefined>
  /** A page in name order, of all or of names that begin with `prefix`: the one that `next` asks for, or what begins at `from`. */
  listLanded(place: {
    prefix?: string | undefined
    next?: string | undefined
    from?: string | undefined
  }): Promise<{ items: LandedBlob[]; next?: string }>
}

/** Container `training-data` as the use cases see it: never the bytes. 5,000 blobs are the most that one listing answers. */
export function createLandedBlobs(trainingData: BlobStore, pageSize = 5_000): LandedBlobs {
  return {
    async readBlobFacts(name) {
      const facts = await trainingData.facts(name)
      return facts && landed(facts)
    },
    async listLanded({ prefix = '', next, from }) {
      const place = next !== undefined ? { next } : from !== undefined ? { from } : {}
      const page = await trainingData.list(prefix, { size: pageSize, ...place })
      const items = page.blobs.map(landed)
      return page.next === undefined ? { items } : { items, next: page.next }
    },
  }
}

function landed({ name, etag, sizeBytes, md5, lastModifiedMs }: BlobFacts): LandedBlob {
  return { name, etag, sizeBytes, md5, lastModifiedMs }
}
