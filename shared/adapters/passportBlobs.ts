import type { BlobStore } from '../lib/blobStore.ts'
import { canonicalJson } from '../retraining/canonicalJson.ts'
import { type ModelKey, modelPath, paddedGeneration } from '../retraining/names.ts'
import type { Passport } from '../retraining/passport.ts'
import type { PassportStore } from '../retraining/writePassport.ts'

const mostBytes = 4 * 1024 * 1024

/** Passports in container `models`: `_passports/{customerId}/{model}/{sequence}.json`. No customer's id begins with `_`. */
export function createPassportBlobs(models: BlobStore): PassportStore {
  return {
    async readPassport(key, sequence) {
      const bytes = await models.read(nameOf(key, sequence), mostBytes)
      return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Passport)
    },
    async createPassport(passport) {
      const bytes = new TextEncoder().encode(canonicalJson(passport))
      await models.createOnly(nameOf(passport, passport.sequence), bytes, 'application/json')
    },
  }
}

function nameOf(key: ModelKey, sequence: number): string {
  return `_passports/${modelPath(key)}/${paddedGeneration(sequence)}.json`
}
