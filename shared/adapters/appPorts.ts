import type { BlobStore } from '../lib/blobStore.ts'
import type { MessageQueue } from '../lib/messageQueue.ts'
import { nextOccurrenceMs } from '../lib/ncrontab.ts'
import type { TableStore } from '../lib/tableStore.ts'
import { keepAll, type RetentionSettings } from '../retraining/retention.ts'
import type { EndpointPort, ResourceLocation, TrainingPort } from '../retraining/services.ts'
import type { Clock, DeadLetter, Log } from '../retraining/stores.ts'
import type { WebhookPort } from '../retraining/webhook.ts'
import { createAuditTable } from './auditTable.ts'
import { createCursorTable } from './cursorTable.ts'
import { createCustomerTable } from './customerTable.ts'
import { createDeadLetterTable } from './deadLetterTable.ts'
import { createDropTable } from './dropTable.ts'
import { createEndpointOwnerTable } from './endpointOwnerTable.ts'
import { createErasures } from './eraseTable.ts'
import { createExclusionTable } from './exclusionTable.ts'
import { createHandoverTable } from './handoverTable.ts'
import { createHoldouts } from './holdouts.ts'
import { createJobQueue } from './jobQueue.ts'
import { createJoinedSets } from './joinedSets.ts'
import { dropId, hash } from './keys.ts'
import { createLandedBlobs } from './landedBlobs.ts'
import * as decoders from './messages.ts'
import { createModelArchive } from './modelArchive.ts'
import { createPassportBlobs } from './passportBlobs.ts'
import { createPauseTable } from './pauseTable.ts'
import { createRecordedAnswers } from './recordedAnswers.ts'
import { createRetention } from './retentionTable.ts'
import { createRunTable } from './runTable.ts'
import { createScheduleTable } from './scheduleTable.ts'
import { createSlotTable } from './slotTable.ts'
import { createStagingTable } from './stagingTable.ts'
import { createTellingRuns } from './tellingRuns.ts'
import { createTickTable } from './tickTable.ts'
import { createTrainingSets } from './trainingSets.ts'
import { createUnclaimedTable } from './unclaimedTable.ts'
import { createUploads } from './uploads.ts'
import { createWaitingTable } from './waitingTable.ts'
import { createWebhookTable } from './webhookTable.ts'
import { createWebServiceTable } from './webServiceTable.ts'

/** The storage primitives by the name of the table, queue or container. */
export type Stores = {
  tables: Record<
    | 'customers'
    | 'models'
    | 'webservices'
    | 'slots'
    | 'waiting'
    | 'unclaimed'
    | 'deadLetters'
    | 'cursors'
    | 'controls'
    | 'schedules'
    | 'audit'
    | 'webhooks'
    // The gateway's: the app only erases in them.
    | 'subscriptions'
    | 'usage'
    | 'counters',
    TableStore
  >
  queues: Record<
    'startRequests' | 'trainingJobs' | 'endpointUpdates' | 'trainingDataEvents' | 'webhooks',
    MessageQueue
  >
  containers: Record<'trainingData' | 'trainingSets' | 'models' | 'holdouts', BlobStore>
}

/** Times and sizes from the settings; the unit is in each name. */
export type Limits = {
  /** For models whose settings name no deadline. */
  jobDeadlineMinutes: number
  pollFirstSeconds: number
  pollMaxSeconds: number
  checkDelaySeconds: number
  checkDeadlineSeconds: number
  claimSeconds: number
  /** After that others may ask for the job of a slot. */
  slotLeaseSeconds: number
  /** The first wait after a failed call; other patience is a multiple of it. */
  retrySeconds: number
  maxTrainingSetBytes: number
  maxModelBytes: number
  /** How long one tick of polling or reconciling takes new work. */
  tickSeconds: number
  /** How many pages of landed blobs a tick of reconciling lists at most, and how many blobs a page holds. */
  sweepPages?: number
  sweepPageBlobs?: number
  pollsAtOnce: number
  /** How long each kind is kept; for ever where absent. */
  retention?: RetentionSettings
}

/** The world outside storage: services, time, chance, log. */
export type Outside = TrainingPort &
  EndpointPort &
  WebhookPort &
  Clock & {
    openOutput(from: ResourceLocation): Promise<AsyncIterable<Uint8Array>>
    redact(text: string): string
    log: Log
  }

/** A received poll message stays hidden from other ticks at least this long, in seconds. */
const pollLeaseSeconds = 60

/** The ports of every use case, over these stores and this world. The same for Azure, tests and simulation. */
export function createAppPorts(stores: Stores, outside: Outside, limits: Limits) {
  const ports = plainPorts(stores, outside, limits)
  const { commit } = createTellingRuns(ports, ports)
  return { ...ports, ...createRecordedAnswers({ ...ports, commit }) }
}

function plainPorts(stores: Stores, outside: Outside, limits: Limits) {
  return {
    ...outside,
    ...limits,
    sweepPages: limits.sweepPages ?? 20,
    pollSchedule: { firstSeconds: limits.pollFirstSeconds, mostSeconds: limits.pollMaxSeconds },
    dropId,
    nameHash: hash,
    sha256: hash,
    ...decoders,
    nextOccurrenceMs,
    retention: limits.retention ?? keepAll,
    ...createRetention(stores),
    ...rowPorts(stores.tables, outside, limits),
    ...erasePorts(stores, outside),
    ...blobPorts(stores.containers, outside, limits),
    ...createWebhookTable(stores.tables.webhooks, stores.queues.webhooks),
    ...createJobQueue(stores.queues, Math.max(pollLeaseSeconds, limits.tickSeconds * 2)),
  }
}

function rowPorts(tables: Stores['tables'], outside: Outside, limits: Limits) {
  return {
    ...createRunTable(tables.models),
    ...createDropTable(tables.models),
    ...createExclusionTable(tables.models),
    ...createCustomerTable(tables.customers, limits.jobDeadlineMinutes),
    ...createWebServiceTable(tables.webservices),
    ...createEndpointOwnerTable(tables.webservices),
    ...createSlotTable(tables.slots),
    ...createStagingTable(tables.slots),
    ...createWaitingTable(tables.waiting),
    ...createUnclaimedTable(tables.unclaimed),
    ...createDeadLetterTable(tables.deadLetters, outside.redact),
    ...createAuditTable(tables.audit, outside),
    ...createCursorTable(tables.cursors),
    ...createTickTable(tables.cursors),
    ...createPauseTable(tables.controls),
    ...createHandoverTable(tables.controls),
    ...createScheduleTable(tables.schedules),
  }
}

/** Late messages of an erased customer leave no letter behind. */
function erasePorts(stores: Stores, { redact }: Outside) {
  const erasures = createErasures(stores)
  const { recordDeadLetter } = createDeadLetterTable(stores.tables.deadLetters, redact)
  return {
    ...erasures,
    async recordDeadLetter(letter: DeadLetter) {
      const id = letter.key?.customerId ?? /"customerId"\s*:\s*"([a-z0-9-]+)"/.exec(letter.body)?.[1]
      const isGone =
        id !== undefined && (await erasures.isErased(id)) && (await erasures.listModelsOf(id)).length === 0
      if (!isGone) await recordDeadLetter(letter)
    },
  }
}

function blobPorts(containers: Stores['containers'], { newId, openOutput }: Outside, limits: Limits) {
  const { trainingData, trainingSets, models } = containers
  return {
    ...createLandedBlobs(trainingData, limits.sweepPageBlobs),
    ...createUploads(trainingData),
    ...createTrainingSets({ trainingData, trainingSets, newId, maxBytes: limits.maxTrainingSetBytes }),
    ...createJoinedSets(trainingSets, limits.maxTrainingSetBytes),
    ...createHoldouts(containers.holdouts),
    ...createPassportBlobs(models),
    ...createModelArchive({ models, openOutput, maxBytes: limits.maxModelBytes }),
  }
}

/** Every port of the app in one object: each use case takes the few it names. */
export type AppPorts = ReturnType<typeof createAppPorts>
