import { RetryableError, TerminalError } from './errors.ts'
import type { Holdout } from './holdout.ts'
import type { ModelKey } from './names.ts'
import { stemOf } from './offerUpload.ts'
import type { ModelSettingsStore, ReadSettings } from './predictiveServices.ts'
import { surveyHoldout } from './surveyHoldout.ts'

/** Files of rows to compare models on, as people give them. */
export type HoldoutFiles = {
  /** The records of a CSV, unquoted, the header first; ends with why it is none. */
  recordsOf(bytes: Uint8Array): AsyncIterable<readonly string[] | { unfit: string }>
  /** SHA-256, hex. */
  digestOf(bytes: Uint8Array): string
  /** Writes a new blob of the model; one that is there stays as it is. */
  writeHoldout(key: ModelKey, blob: string, bytes: Uint8Array): Promise<'created' | 'exists'>
}

/** What keeping a file of held-out rows needs. */
export type KeepHoldoutPorts = HoldoutFiles & Pick<ModelSettingsStore, 'readWritten' | 'swapSettings'>

/** A file as it was given; `etag`: only while the model's settings are those that were read with it. */
export type GivenHoldout = { file: string; bytes: Uint8Array; etag?: string | undefined }

/** What the gate does with the file: compares on it now, did so before, or names no holdout yet. */
export type HoldoutUse = { use: 'switched'; replaced: string } | { use: 'inUse' } | { use: 'none' }

/** `changed`: the settings are not those of the ETag any more. */
export type KeptHoldout =
  | ({
      kind: 'kept'
      outcome: 'created' | 'unchanged'
      blob: string
      rows: number
      columns: string[]
    } & HoldoutUse)
  | { kind: 'unknown' }
  | { kind: 'changed' }

/** The largest file; of ten thousand rows at most are ever scored. */
export const mostHoldoutBytes = 8 * 1024 * 1024

const tries = 5
const digestLetters = 12

/**
 * Keeps a file of held-out rows of a model under a name that its content makes, and has the model's gate compare on it where
 * it compares on rows at all. A file that is there is never written over, so that a comparison under way is of one file; the
 * same call again goes on after a crash. Throws TerminalError with why the file can't be used.
 */
export async function keepHoldout(
  ports: KeepHoldoutPorts,
  key: ModelKey,
  given: GivenHoldout,
): Promise<KeptHoldout> {
  const blob = holdoutName(given.file, ports.digestOf(given.bytes))
  let outcome: 'created' | 'unchanged' = 'unchanged'
  for (let count = 0; count < tries; count++) {
    const read = await ports.readWritten(key)
    if (read === undefined || read.offboarded !== undefined) return { kind: 'unknown' }
    if (given.etag !== undefined && read.etag !== given.etag) return { kind: 'changed' }
    const found = await fitting(ports, given, holdoutOf(read))
    if ((await ports.writeHoldout(key, blob, given.bytes)) === 'created') outcome = 'created'
    const use = await switchTo(ports, read, blob)
    if (use === 'changed') continue
    return { outcome, blob, rows: found.rows, columns: found.columns, ...use, kind: 'kept' }
  }
  throw new RetryableError(`Cannot keep ${given.file}: the settings of the model change all the time`)
}

/** `heldout-3f1c9a0b22de.csv`: the same for the same content. Pure. */
function holdoutName(file: string, digest: string): string {
  return `${stemOf(file) || 'holdout'}-${digest.slice(0, digestLetters)}.csv`
}

async function fitting(ports: HoldoutFiles, { file, bytes }: GivenHoldout, holdout: Holdout | undefined) {
  const found = await surveyHoldout(ports.recordsOf(bytes), holdout)
  if (found.kind === 'unfit') throw new TerminalError(`Cannot keep ${file}: ${found.reason}`)
  return found
}

function holdoutOf({ settings: { gate } }: ReadSettings): Holdout | undefined {
  return gate.kind === 'limits' ? gate.holdout : undefined
}

async function switchTo(
  ports: Pick<ModelSettingsStore, 'swapSettings'>,
  { settings, etag }: ReadSettings,
  blob: string,
): Promise<HoldoutUse | 'changed'> {
  const { gate } = settings
  if (gate.kind !== 'limits' || gate.holdout === undefined) return { use: 'none' }
  const replaced = gate.holdout.blob
  if (replaced === blob) return { use: 'inUse' }
  const changed = { ...settings, gate: { ...gate, holdout: { ...gate.holdout, blob } } }
  const swapped = await ports.swapSettings(changed, etag)
  return swapped === 'written' ? { use: 'switched', replaced } : 'changed'
}
