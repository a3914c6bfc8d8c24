import { randomUUID } from 'node:crypto'
import type { InvocationContext } from '@azure/functions'
import { type AppPorts, createAppPorts, type Limits } from './adapters/appPorts.ts'
import { openAzureAccess } from './adapters/azureAccess.ts'
import { createAzureStores, createMissing } from './adapters/azureStores.ts'
import { createClassicEndpoints } from './adapters/classic/classicEndpoints.ts'
import { createClassicManagement } from './adapters/classic/classicManagement.ts'
import { createClassicTraining } from './adapters/classic/classicTraining.ts'
import { createHttpClient } from './adapters/http/httpClient.ts'
import { createOutputReader } from './adapters/jobOutput.ts'
import { createSecretStore } from './adapters/secretStore.ts'
import { createSecrets } from './adapters/secrets.ts'
import { createSurroundings, type Surroundings } from './adapters/surroundings.ts'
import { createUrlGuard } from './adapters/urlGuard.ts'
import { createWebhookSender } from './adapters/webhookSender.ts'
import { type Config, loadConfig } from './config.ts'
import { createLog, type LogSink } from './lib/log.ts'
import { createRedact } from './lib/redact.ts'
import type { ReceivedMessage } from './retraining/buryMessage.ts'
import type { ManagementPort, SecretStore } from './retraining/predictiveServices.ts'

/** What the app takes of an invocation: its log, its id and what the trigger says. */
export type Invocation = Pick<
  InvocationContext,
  'info' | 'warn' | 'error' | 'invocationId' | 'triggerMetadata'
>

type Env = Readonly<Record<string, string | undefined>>
type App = { connect(sink: LogSink, invocationId: string): ConnectedPorts }

/** Every port of the app, and what it can tell of where it runs. */
export type ConnectedPorts = AppPorts & Surroundings & ManagementPort & SecretStore

const connectSeconds = 10
const mostAnswerBytes = 16 * 1024 * 1024
const tickSeconds = 45
const pollsAtOnce = 16

/** What a log line may carry by name. */
const logged =
  'invocationId customerId model generation attempt jobId drop drops source retries sizeBytes evidence floor service waitedSeconds done later failed requestId target status'

let opened: Promise<App> | undefined

/**
 * The ports of every use case for one invocation. Settings are read and storage is prepared at the first call of the
 * process; throws all bad settings at once, by name.
 */
export async function connect(context: Invocation): Promise<ConnectedPorts> {
  opened ??= openApp(process.env)
  try {
    const app = await opened
    return app.connect((level, line) => context[level](line), context.invocationId)
  } catch (error) {
    opened = undefined
    throw error
  }
}

async function openApp(env: Env): Promise<App> {
  const config = loadConfig(env)
  const { storage, vault } = await openAzureAccess(config)
  const stores = createAzureStores(storage)
  await createMissing(stores)
  const secrets = createSecrets({ env, secretsFile: config.SECRETS_FILE, vault, now: Date.now })
  const redact = createRedact(() => [...secrets.live(), ...accountKeys(config)])
  const services = openServices(config, { secrets, redact })
  const surroundings = createSurroundings({ config, env, storage, secrets, vault })
  const { SECRET_STORE: kind, SECRETS_FILE: secretsFile } = config
  const secretStore = createSecretStore({ kind, secretsFile, vault, secrets })
  const clock = { now: Date.now, random: Math.random, newId: randomUUID }
  return {
    connect(sink, invocationId) {
      const log = createLog({ sink, redact, allowed: logged.split(' '), bound: { invocationId } })
      const ports = createAppPorts(stores, { ...services, ...clock, redact, log }, limitsOf(config))
      return { ...services, ...surroundings, ...secretStore, ...ports }
    },
  }
}

type Shared = { secrets: ReturnType<typeof createSecrets>; redact(text: string): string }

function openServices(config: Config, shared: Shared) {
  const guard = createUrlGuard({
    allowedHosts: config.ALLOWED_HOSTS,
    developmentLoopback: config.DEVELOPMENT_LOOPBACK,
  })
  const totalSeconds = config.HTTP_TIMEOUT_SECONDS
  const timeouts = { connectSeconds, headersSeconds: totalSeconds, bodySeconds: totalSeconds }
  const http = createHttpClient({ ...timeouts, maxAnswerBytes: mostAnswerBytes }, guard)
  const options = { ...shared, http, guard, now: Date.now, random: Math.random, totalSeconds }
  return {
    ...createClassicTraining(options),
    ...createClassicEndpoints(options),
    ...createClassicManagement(options),
    ...openWebhooks(config, shared),
    openOutput: createOutputReader(options),
  }
}

/** A client and a guard of their own: receivers may be anywhere in public, and share no connection with the services. */
function openWebhooks(config: Config, shared: Shared) {
  const { ALLOWED_WEBHOOK_HOSTS: hosts, DEVELOPMENT_LOOPBACK: developmentLoopback } = config
  const allowedHosts = hosts.length === 0 ? 'any' : hosts
  const guard = createUrlGuard({ allowedHosts, developmentLoopback, setting: 'ALLOWED_WEBHOOK_HOSTS' })
  const timeouts = { connectSeconds, headersSeconds: connectSeconds, bodySeconds: connectSeconds }
  const http = createHttpClient({ ...timeouts, maxAnswerBytes: mostAnswerBytes }, guard)
  return createWebhookSender({ ...shared, http, guard, now: Date.now })
}

function limitsOf(config: Config): Limits {
  return {
    jobDeadlineMinutes: config.JOB_DEADLINE_MINUTES,
    pollFirstSeconds: config.POLL_FIRST_SECONDS,
    pollMaxSeconds: config.POLL_MAX_SECONDS,
    checkDelaySeconds: config.CHECK_DELAY_SECONDS,
    checkDeadlineSeconds: config.CHECK_DEADLINE_SECONDS,
    claimSeconds: config.CLAIM_SECONDS,
    slotLeaseSeconds: config.SLOT_LEASE_SECONDS,
    retrySeconds: config.RETRY_SECONDS,
    maxTrainingSetBytes: config.MAX_TRAINING_SET_BYTES,
    maxModelBytes: config.MAX_MODEL_BYTES,
    tickSeconds,
    pollsAtOnce,
    retention: retentionOf(config),
  }
}

function retentionOf(config: Config): NonNullable<Limits['retention']> {
  return {
    dropsDays: config.RETENTION_DROPS_DAYS,
    trainingSetsDays: config.RETENTION_TRAINING_SETS_DAYS,
    modelsDays: config.RETENTION_MODELS_DAYS,
    modelsKept: config.RETENTION_MODELS_KEPT,
    runsDays: config.RETENTION_RUNS_DAYS,
    deadLettersDays: config.RETENTION_DEAD_LETTERS_DAYS,
    unclaimedDays: config.RETENTION_UNCLAIMED_DAYS,
    auditDays: config.RETENTION_AUDIT_DAYS,
  }
}

/** The storage account's own keys, for the log's last net. */
function accountKeys({ RETRAIN_STORAGE }: Config): string[] {
  return [...(RETRAIN_STORAGE ?? '').matchAll(/(?:AccountKey|SharedAccessSignature)=([^;]+)/gi)].flatMap(
    ([, key]) => key ?? [],
  )
}

/** How new training data is announced. Read while the trigger registers, when no other setting is needed yet. */
export function trainingDataTrigger(
  env: Env = process.env,
): { kind: 'events' } | { kind: 'blob'; source: 'EventGrid' | 'LogsAndContainerScan' } {
  if (env.TRAINING_DATA_TRIGGER === 'events') return { kind: 'events' }
  return {
    kind: 'blob',
    source: env.BLOB_TRIGGER_SOURCE === 'EventGrid' ? 'EventGrid' : 'LogsAndContainerScan',
  }
}

/** The name of the blob that an invocation of the blob trigger is about, without its container. */
export function landedBlobName({ triggerMetadata }: Pick<Invocation, 'triggerMetadata'>): string {
  return String(triggerMetadata?.blobTrigger ?? '').replace(/^[^/]*\//, '')
}

/** A queue message with its id; the host has parsed its JSON. */
export function receivedMessage(
  body: unknown,
  { triggerMetadata, invocationId }: Pick<Invocation, 'triggerMetadata' | 'invocationId'>,
): ReceivedMessage {
  return { id: String(triggerMetadata?.id ?? invocationId), body }
}
