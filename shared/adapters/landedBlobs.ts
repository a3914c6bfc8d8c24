import type { BlobFacts, BlobStore } from '../lib/blobStore.ts'
import type { LandedBlob } from '../retraining/drop.ts'

/** The landed blobs of `training-data`, by their facts only. */
export type LandedBlobs = {
  readBlobFacts(name: string): Promise<LandedBlob | undefined>
  listLanded(next: string | undefined): Promise<{ items: LandedBlob[]; next?: string }>
}

/** The most that one listing answers. */
const pageSize = 5_000

/** Container `training-data` as the use cases see it: never the bytes. */
export function createLandedBlobs(trainingData: BlobStore): LandedBlobs {
  return {
    async readBlobFacts(name) {
      const facts = await trainingData.facts(name)
      return facts && landed(facts)
    },
    async listLanded(next) {
      const page = await trainingData.list(
        '',
        next === undefined ? { size: pageSize } : { size: pageSize, next },
      )
      const items = page.blobs.map(landed)
      return page.next === undefined ? { items } : { items, next: page.next }
    },
  }
}

function landed({ name, etag, sizeBytes, md5, lastModifiedMs }: BlobFacts): LandedBlob {
  return { name, etag, sizeBytes, md5, lastModifiedMs }
}
