import type { Life } from './life.ts'
import type { ModelKey } from './names.ts'
import { type Passport, passportOf } from './passport.ts'
import type { Run } from './run.ts'
import type { TrainingSets } from './stores.ts'

/** Passports, container `models`: each is written once. */
export type PassportStore = {
  readPassport(key: ModelKey, sequence: number): Promise<Passport | undefined>
  /** Writes the passport unless it is there. */
  createPassport(passport: Passport): Promise<void>
}

/** What writing a passport needs. `sha256`: of a text, in hex. */
export type WritePassportPorts = PassportStore &
  Pick<TrainingSets, 'readManifest'> & { sha256(text: string): string }

/**
 * Writes the passport of one time of going live; writing it again changes nothing. The one before is written by then, since
 * they are told in order; where it is not (the model was live before there were passports) the chain begins here. Answers
 * undefined for a run without an archived model.
 */
export async function writePassport(
  ports: WritePassportPorts,
  run: Run,
  life: Life,
): Promise<Passport | undefined> {
  const key: ModelKey = { customerId: run.customerId, model: run.model }
  const manifest = await ports.readManifest(key, run.manifest)
  const before = life.sequence > 1 ? await ports.readPassport(key, life.sequence - 1) : undefined
  const previous = before && {
    sequence: before.sequence,
    generation: before.generation,
    sha256: before.sha256,
  }
  const passport = passportOf({ run, life, manifest, previous }, ports.sha256)
  if (passport !== undefined) await ports.createPassport(passport)
  return passport
}
