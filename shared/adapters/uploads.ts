import type { BlobStore } from '../lib/blobStore.ts'
import type { OfferUploadPorts } from '../retraining/offerUpload.ts'

/** Places in `training-data` for one upload each. */
export function createUploads(trainingData: BlobStore): Pick<OfferUploadPorts, 'signUpload'> {
  return {
    signUpload: (name, startsAtMs, expiresAtMs) =>
      trainingData.writeOnlyReference(name, startsAtMs, expiresAtMs),
  }
}
