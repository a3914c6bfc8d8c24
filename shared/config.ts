import { z } from 'zod'
import { isNcrontab } from './lib/ncrontab.ts'

const whole = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback)

const mebibyte = 1024 ** 2

const ncrontab = z.string().refine(isNcrontab, 'a schedule of six fields, seconds first')

/** Loose spelling for people who write settings by hand. */
const flag = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off', ''] })

const hosts = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
  )
  .refine(
    (list) => list.every((host) => /^\.?(?:[a-z0-9-]+\.)*[a-z0-9-]+$/.test(host)),
    'host names or suffixes with a leading dot, separated by commas',
  )

/** The address of a service of Azure. */
const httpsUri = z.string().regex(/^https:\/\/[\w.-]+(?::\d+)?(?:\/\w+)?\/?$/, 'an https URI')

/** SAS of inputs live for the job's deadline and an hour; a user-delegation key reaches 7 days, we stay a day below. */
const longestDeadlineMinutes = 6 * 24 * 60 - 60

const settings = z.object({
  /** Connection string of the account with the app's tables, queues and containers; or the next five, by identity. */
  RETRAIN_STORAGE: z
    .string()
    .regex(/(?:AccountKey|SharedAccessSignature|UseDevelopmentStorage)=/i, 'a connection string')
    .optional(),
  RETRAIN_STORAGE__blobServiceUri: httpsUri.optional(),
  RETRAIN_STORAGE__queueServiceUri: httpsUri.optional(),
  RETRAIN_STORAGE__tableServiceUri: httpsUri.optional(),
  /** Who calls storage by its URIs, and Key Vault; the Functions host reads the same setting. */
  RETRAIN_STORAGE__credential: z.enum(['managedidentity', 'workloadidentity']).default('managedidentity'),
  /** Of a user-assigned identity. */
  RETRAIN_STORAGE__clientId: z.guid('a GUID').optional(),
  /** The vault of `keyvault:NAME` secrets. */
  KEY_VAULT_URI: httpsUri.optional(),
  POLL_SCHEDULE: ncrontab.default('*/30 * * * * *'),
  RECONCILE_SCHEDULE: ncrontab.default('0 */5 * * * *'),
  /** How often schedules of models are looked at. */
  SCHEDULES_SCHEDULE: ncrontab.default('30 * * * * *'),
  /** `blob`: the blob trigger. `events`: Event Grid's messages in a queue, for large files. */
  TRAINING_DATA_TRIGGER: z.enum(['blob', 'events']).default('blob'),
  BLOB_TRIGGER_SOURCE: z.enum(['LogsAndContainerScan', 'EventGrid']).default('LogsAndContainerScan'),
  JOB_DEADLINE_MINUTES: whole(240, 1, longestDeadlineMinutes),
  POLL_FIRST_SECONDS: whole(15, 1, 3_600),
  POLL_MAX_SECONDS: whole(300, 1, 3_600),
  CHECK_DELAY_SECONDS: whole(30, 1, 600),
  CHECK_DEADLINE_SECONDS: whole(600, 10, 86_400),
  CLAIM_SECONDS: whole(180, 20, 3_600),
  /** After that other workers may ask for the job of a slot; time alone frees none. */
  SLOT_LEASE_SECONDS: whole(300, 5, 3_600),
  /**
   * How long a run waits after a call that failed, the first time. A message counts as lost after four times as long, and a
   * failing service is paused for ten times as long.
   */
  RETRY_SECONDS: whole(30, 1, 600),
  /** Total time of one call of a web service, with its retries. */
  HTTP_TIMEOUT_SECONDS: whole(60, 1, 600),
  MAX_TRAINING_SET_BYTES: whole(1024 * mebibyte, 1, 10 * 1024 * mebibyte),
  MAX_MODEL_BYTES: whole(512 * mebibyte, 1, 10 * 1024 * mebibyte),
  /** When what has outlived its time is removed. */
  RETENTION_SCHEDULE: ncrontab.default('0 17 */6 * * *'),
  /** Days that each kind is kept after its end; 0 is for ever. The first are customers' own blobs in `training-data`. */
  RETENTION_DROPS_DAYS: whole(0, 0, 36_500),
  RETENTION_TRAINING_SETS_DAYS: whole(90, 0, 36_500),
  RETENTION_MODELS_DAYS: whole(365, 0, 36_500),
  /** The last models that were live stay for a rollback, whatever their age. */
  RETENTION_MODELS_KEPT: whole(10, 1, 1_000),
  RETENTION_RUNS_DAYS: whole(0, 0, 36_500),
  RETENTION_DEAD_LETTERS_DAYS: whole(90, 0, 36_500),
  RETENTION_UNCLAIMED_DAYS: whole(90, 0, 36_500),
  RETENTION_AUDIT_DAYS: whole(0, 0, 36_500),
  /** JSON file of `file:NAME` secrets, readable by its owner only. */
  SECRETS_FILE: z.string().min(1).optional(),
  /** Where the app keeps the keys of endpoints it makes: where absent, the vault if there is one, else the file. */
  SECRET_STORE: z.enum(['file', 'keyvault']).optional(),
  ALLOWED_HOSTS: hosts.default(['.azureml.net', '.blob.core.windows.net']),
  /** Who may be sent webhooks: hosts as above; where it is empty any public one. */
  ALLOWED_WEBHOOK_HOSTS: hosts.default([]),
  /** Allows http and loopback addresses. Refused in Azure. */
  DEVELOPMENT_LOOPBACK: flag.default(false),
  WEBSITE_INSTANCE_ID: z.string().optional(),
})

/** The app's settings, by the name of their environment variable. */
export type Config = Readonly<z.infer<typeof settings>>

type Problem = { name: string; text: string }

/** What settings have to be to each other. One that is wrong by itself is not compared. */
const relations: (Problem & { holds(config: Partial<Config>): boolean })[] = [
  {
    name: 'RETRAIN_STORAGE',
    text: 'missing: a connection string, or RETRAIN_STORAGE__blobServiceUri, __queueServiceUri and __tableServiceUri',
    holds: (config) => config.RETRAIN_STORAGE !== undefined || hasServiceUris(config),
  },
  {
    name: 'SECRET_STORE',
    text: 'file needs SECRETS_FILE, keyvault KEY_VAULT_URI',
    holds: ({ SECRET_STORE: store, SECRETS_FILE: file, KEY_VAULT_URI: vault }) =>
      store === undefined || (store === 'file' ? file : vault) !== undefined,
  },
  {
    name: 'DEVELOPMENT_LOOPBACK',
    text: 'not in Azure, only on a machine of your own',
    holds: (config) => !(config.DEVELOPMENT_LOOPBACK && config.WEBSITE_INSTANCE_ID),
  },
  {
    name: 'HTTP_TIMEOUT_SECONDS',
    text: 'less than half of CLAIM_SECONDS',
    holds: ({ HTTP_TIMEOUT_SECONDS: total = 0, CLAIM_SECONDS: claim = Infinity }) => total * 2 < claim,
  },
  {
    name: 'POLL_FIRST_SECONDS',
    text: 'at most POLL_MAX_SECONDS',
    holds: ({ POLL_FIRST_SECONDS: first = 0, POLL_MAX_SECONDS: most = Infinity }) => first <= most,
  },
  {
    name: 'CHECK_DELAY_SECONDS',
    text: 'less than CHECK_DEADLINE_SECONDS',
    holds: ({ CHECK_DELAY_SECONDS: delay = 0, CHECK_DEADLINE_SECONDS: deadline = Infinity }) =>
      delay < deadline,
  },
]

function hasServiceUris(config: Partial<Config>): boolean {
  const { RETRAIN_STORAGE__blobServiceUri: blobs, RETRAIN_STORAGE__queueServiceUri: queues } = config
  return blobs !== undefined && queues !== undefined && config.RETRAIN_STORAGE__tableServiceUri !== undefined
}

/** Every setting's name: what `local.settings.example.json` and the deployment may set. */
export const settingNames: readonly string[] = Object.keys(settings.shape).filter(
  (name) => name !== 'WEBSITE_INSTANCE_ID',
)

/**
 * Reads the settings; empty ones count as absent. Throws one error that lists all bad ones by name with what is expected,
 * and never a value.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const config: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [name, schema] of Object.entries(settings.shape)) {
    const given = env[name]?.trim() || undefined
    const decoded = schema.safeParse(given)
    if (decoded.success) config[name] = decoded.data
    else problems.push({ name, text: given === undefined ? 'missing' : expectation(decoded.error) })
  }
  const wrong = new Set(problems.map(({ name }) => name))
  const related = relations.filter(({ name }) => !wrong.has(name))
  problems.push(...related.filter((relation) => !relation.holds(config as Partial<Config>)))
  if (problems.length === 0) return config as Config
  const list = problems.map(({ name, text }) => `${name} (${text})`).join(', ')
  throw new Error(`Cannot start: wrong settings: ${list}`)
}

/** What a setting should be, in words of ours: zod's own texts may repeat the value. */
function expectation({ issues: [issue] }: z.ZodError): string {
  switch (issue?.code) {
    case 'custom':
      return issue.message
    case 'invalid_value':
      return `one of ${issue.values.filter((value) => value !== '').join(', ')}`
    case 'too_small':
      return `at least ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'invalid_type':
      return 'a whole number'
    case 'invalid_format':
      return issue.message
    default:
      return 'not understood'
  }
}
