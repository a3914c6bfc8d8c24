import { canonicalJson } from '../../shared/retraining/canonicalJson.ts'
import { hasOwnHash, type Passport } from '../../shared/retraining/passport.ts'

/** One thing that was looked at: `wrong` says that it is not as it should be. */
export type Verdict = { kind: 'good' | 'wrong' | 'note'; text: string }

/** Hashes in hex and base64, of texts. */
type Hashes = { sha256(text: string): string }

/** Files to check a passport against: their checksums. */
export type Evidence = {
  modelSha256?: string | undefined
  /** `sha256` in hex, `md5` in base64: for passports whose drops have no SHA-256. */
  data?: readonly { file: string; sha256: string; md5: string }[]
}

/**
 * Checks passports by themselves, against each other (in any order) and against files. The newest of them is the one that
 * `evidence` is about. Pure but for the hash.
 */
export function verifyPassports(
  passports: readonly Passport[],
  evidence: Evidence,
  hashes: Hashes,
): Verdict[] {
  const ordered = passports.toSorted((one, other) => one.sequence - other.sequence)
  const newest = ordered.at(-1)
  return [
    ...ordered.flatMap((passport) => verifyContent(passport, hashes)),
    ...ordered.flatMap((passport, index) => verifyLink(passport, ordered[index - 1])),
    ...(newest === undefined ? [] : verifyModel(newest, evidence)),
    ...(newest === undefined ? [] : verifyData(newest, evidence)),
  ]
}

function verifyContent(passport: Passport, { sha256 }: Hashes): Verdict[] {
  const name = nameOf(passport)
  const own = hasOwnHash(passport, sha256)
    ? good(`${name}: its hash is that of its content`)
    : wrong(`${name}: its hash is not that of its content: it was changed`)
  const isManifest = sha256(canonicalJson(passport.manifest)) === passport.manifestSha256
  return isManifest ? [own] : [own, wrong(`${name}: its manifest is not the one it was written with`)]
}

/** A passport names the one before by its hash. */
function verifyLink(passport: Passport, before: Passport | undefined): Verdict[] {
  const { previous } = passport
  const name = nameOf(passport)
  if (before === undefined) {
    if (previous === null) return [note(`${name}: the chain begins here`)]
    return [note(`${name}: the one before (${previous.sequence}) was not given`)]
  }
  if (before.customerId !== passport.customerId || before.model !== passport.model) {
    return [wrong(`${name}: ${nameOf(before)} is of another model`)]
  }
  const isNamed =
    previous !== null && previous.sequence === before.sequence && previous.sha256 === before.sha256
  return isNamed
    ? [good(`${name}: follows ${nameOf(before)}`)]
    : [wrong(`${name}: does not follow ${nameOf(before)}: the chain is broken`)]
}

function verifyModel(passport: Passport, { modelSha256 }: Evidence): Verdict[] {
  if (modelSha256 === undefined) return []
  return modelSha256 === passport.modelFile.sha256
    ? [good(`${nameOf(passport)}: the model file is the one that went live`)]
    : [wrong(`${nameOf(passport)}: the model file is not the one that went live`)]
}

function verifyData({ manifest, ...passport }: Passport, { data = [] }: Evidence): Verdict[] {
  return data.map(({ file, sha256, md5 }) => {
    const drop = manifest.drops.find(
      (one) => one.sha256 === sha256 || (one.sha256 === undefined && one.md5 === md5),
    )
    if (drop !== undefined)
      return drop.use === 'trained'
        ? good(`${file}: is ${drop.name}, which was trained on`)
        : wrong(`${file}: is ${drop.name}, which was not trained on (${drop.use})`)
    return wrong(`${file}: is none of the drops of generation ${passport.generation}`)
  })
}

function nameOf({ customerId, model, generation, sequence }: Passport): string {
  return `${customerId}/${model} passport ${sequence} (generation ${generation})`
}

const good = (text: string): Verdict => ({ kind: 'good', text })
const wrong = (text: string): Verdict => ({ kind: 'wrong', text })
const note = (text: string): Verdict => ({ kind: 'note', text })
