import type { Drop, LandedBlob } from './drop.ts'
import type { CopyOutcome, Manifest, ManifestDrop } from './generation.ts'
import type { Head } from './head.ts'
import type { PollMessage, StartMessage, UpdateMessage } from './messages.ts'
import type { ModelKey, RunKey } from './names.ts'
import type { ArchivedFile, Run } from './run.ts'
import type { Scores } from './scores.ts'
import type { ServiceHealth } from './serviceHealth.ts'
import type { ResourceLocation, ScoringRow } from './services.ts'
import type { ModelSettings, TrainingServiceSettings } from './settings.ts'
import type { Slot, Waiting } from './slots.ts'
import type { StagingClaim } from './stagingClaim.ts'

/** A row as it was read, and when it was last written where that is known; it is swapped only while its ETag is the same. */
export type Stored<T> = { value: T; etag: string; modifiedAtMs?: number | undefined }

/** A row to write: with an ETag a swap, without one an insert. */
export type Change<T> = { value: T; etag?: string | undefined }

/** What the use cases share of the world: time, ids and chance. `random` is 0 to 1. */
export type Clock = { now(): number; newId(): string; random(): number }

/** Fields by name, then one line of text. Ids yes, secrets never. */
export type LogLine = (fields: Readonly<Record<string, string | number | undefined>>, text: string) => void

/** The app's log. */
export type Log = { info: LogLine; warn: LogLine; error: LogLine }

/** Settings, decoded: a row that is damaged throws TerminalError with the names of its fields. */
export type SettingsStore = {
  readSettings(key: ModelKey): Promise<ModelSettings | undefined>
  readTrainingService(name: string): Promise<TrainingServiceSettings | undefined>
}

/** Head and runs of a model: one partition, so that a commit is one transaction. */
export type RunStore = {
  readHead(key: ModelKey): Promise<Stored<Head> | undefined>
  readRun(key: RunKey): Promise<Stored<Run> | undefined>
  commit(
    key: ModelKey,
    changes: { head?: Change<Head>; runs?: readonly Change<Run>[] },
  ): Promise<'committed' | 'conflict'>
}

/** The row that names the newest of very many versions of one name; without an ETag there is none yet. */
export type NewestVersion = { etag?: string | undefined }

/** The recorded versions of one blob name; of very many the newest only, whose row `newest` is. */
export type Versions = { versions: Drop[]; newest?: NewestVersion | undefined }

/** Records of drops, beside the head and the runs. */
export type DropStore = {
  readVersions(key: ModelKey, name: string): Promise<Versions>
  /**
   * Inserts the drop and, when it is pending, its place in the waiting list, in one transaction; with `newest` also that it is
   * the newest of very many versions. Throws RetryableError where another version was inserted meanwhile.
   */
  insertDrop(key: ModelKey, drop: Drop, newest?: NewestVersion): Promise<'inserted' | 'exists'>
  /** The waiting drops, the one accepted first first. */
  readPending(key: ModelKey): Promise<Drop[]>
  hasPending(key: ModelKey): Promise<boolean>
  /** Marks the drops as the manifest says and takes them off the waiting list; doing it again changes nothing. */
  markTaken(key: RunKey, drops: readonly ManifestDrop[]): Promise<void>
}

/** Drops that are left out. */
export type ExclusionStore = {
  readDrop(key: ModelKey, id: string): Promise<Stored<Drop> | undefined>
  /**
   * Swaps a drop's record, its place in the waiting list and its place among the excluded as its states say, and the head,
   * in one transaction.
   */
  swapDrop(
    key: ModelKey,
    change: { before: Stored<Drop>; after: Drop; head: Change<Head> },
  ): Promise<'committed' | 'conflict'>
  /** The ids of a model's excluded drops. */
  listExcluded(key: ModelKey): Promise<string[]>
}

/** Immutable training inputs and manifests, container `training-sets`. */
export type TrainingSets = {
  /** Copies this very version of a drop; the same copy again is fine. */
  copyDrop(key: ModelKey, drop: Drop): Promise<CopyOutcome>
  /** Writes the manifest under a fresh name, which it answers. */
  writeManifest(manifest: Manifest): Promise<string>
  readManifest(key: ModelKey, name: string): Promise<Manifest>
  /** Signs a read-only SAS for one input. */
  signInput(key: ModelKey, name: string, startsAtMs: number, expiresAtMs: number): Promise<ResourceLocation>
}

/** Archived models and evaluations, container `models`. */
export type ModelArchive = {
  /** Streams a job's output into the archive: create-only, checksummed, size-capped. */
  archiveOutput(key: RunKey, file: string, from: ResourceLocation): Promise<ArchivedFile>
  readEvaluation(key: ModelKey, name: string): Promise<string>
  signModel(key: ModelKey, name: string, startsAtMs: number, expiresAtMs: number): Promise<ResourceLocation>
  /** Whether the archived model is still there. */
  hasModel(key: ModelKey, name: string): Promise<boolean>
}

/** The rows of a holdout that are scored, a sample where there are more: `seen` counts all. */
export type HoldoutRows = { kind: 'found'; etag: string; seen: number; rows: readonly ScoringRow[] }

/** Rows to compare models on, container `holdouts`, and the scores so far. */
export type HoldoutStore = {
  /** The same sample for the same content. `unfit`: no CSV, or too large a row. */
  readHoldout(
    key: ModelKey,
    blob: string,
    mostRows: number,
  ): Promise<HoldoutRows | { kind: 'missing' } | { kind: 'unfit'; reason: string }>
  readScores(key: RunKey): Promise<Scores | undefined>
  writeScores(key: RunKey, scores: Scores): Promise<void>
  removeScores(key: RunKey): Promise<void>
}

/** Who uses a staging endpoint, by its URL. */
export type StagingStore = {
  readStaging(url: string): Promise<Stored<StagingClaim> | undefined>
  writeStaging(url: string, change: Change<StagingClaim>): Promise<'committed' | 'conflict'>
}

/** What a training service's partition says: who runs, and how the service does where there is anything to say. */
export type SlotBoard = { slots: Slot[]; health?: Stored<ServiceHealth> | undefined }

/** Slots of the training services, and who waits for one: see `slots.ts`. */
export type SlotStore = {
  readSlots(service: string): Promise<SlotBoard>
  /** Takes the slot's place; `conflict` when its number at the service or at the customer is taken. */
  takeSlot(service: string, slot: Slot): Promise<'taken' | 'conflict'>
  /** Frees what this token holds, if it holds anything; answers what was found before. */
  freeSlot(service: string, token: string): Promise<SlotBoard>
  /** Swaps how the service does, beside its slots. */
  writeHealth(service: string, change: Change<ServiceHealth>): Promise<'committed' | 'conflict'>
  /** Writes the slot's lease, if the slot is still there. */
  renewSlot(service: string, slot: Slot): Promise<void>
  /** Who waits, the longest first, a page at a time. */
  listWaiting(service: string, next: string | undefined): Promise<{ items: Waiting[]; next?: string }>
  /** Being in line already is fine. */
  addWaiting(service: string, waiting: Waiting): Promise<void>
  removeWaiting(service: string, waiting: Waiting): Promise<void>
}

/** Messages: each is a hint that something is due; the rows say what. */
export type Messages = {
  sendStart(message: StartMessage, delaySeconds: number): Promise<void>
  sendPoll(message: PollMessage, delaySeconds: number): Promise<void>
  sendUpdate(message: UpdateMessage, delaySeconds: number): Promise<void>
}

/** What could not be done and needs a person, with what is needed to send it again. Texts are redacted by the adapter. */
export type DeadLetter = {
  /** The queue it came from, or `runs` for a run that gave up. */
  source: string
  /** The same id again is the same letter. */
  id: string
  reason: string
  body: string
  key?: ModelKey & { generation?: number | undefined }
  atMs: number
}

/** The dead letters. */
export type DeadLetters = { recordDeadLetter(letter: DeadLetter): Promise<void> }

/** A dead letter as it is listed: `id` names it, `resentAtMs` says when it was sent again, `dismissedAtMs` when put aside. */
export type ListedLetter = {
  id: string
  source: string
  reason: string
  body: string
  customerId?: string | undefined
  model?: string | undefined
  generation?: number | undefined
  recordedAtMs: number
  resentAtMs?: number | undefined
  dismissedAtMs?: number | undefined
}

/** Dead letters one at a time. */
export type DeadLetterStore = {
  readDeadLetter(id: string): Promise<ListedLetter | undefined>
  markResent(id: string, atMs: number): Promise<void>
  markDismissed(id: string, atMs: number): Promise<void>
}

/** Drops that belong to nobody known, with the reason. */
export type Unclaimed = { blob: LandedBlob; reason: string; key?: ModelKey; seenAtMs: number }
