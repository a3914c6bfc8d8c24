import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { Config } from '../config.ts'
import type { HostFacts } from '../retraining/readHealth.ts'

/** What the machine and the settings say of themselves. Values of settings that may be secret are never part of it. */
export async function readHostFacts(config: Config, env: Env): Promise<HostFacts> {
  const { bavail, bsize } = await statfs(tmpdir())
  return {
    hints: settingHints(config, env),
    nodeVersion: process.version.slice(1),
    freeDiskBytes: bavail * bsize,
  }
}

type Env = Readonly<Record<string, string | undefined>>
type Hint = HostFacts['hints'][number]
type Rule = Hint & { isOdd(config: Config, env: Env): boolean }

const isAzure = (config: Config) => config.WEBSITE_INSTANCE_ID !== undefined

const rules: Rule[] = [
  {
    text: 'RETRAIN_STORAGE is a connection string with a key',
    remedy: 'reach storage by identity: RETRAIN_STORAGE__blobServiceUri and its like',
    isOdd: (config) => isAzure(config) && config.RETRAIN_STORAGE !== undefined,
  },
  {
    text: 'SECRETS_FILE is set in Azure',
    remedy: 'keep keys in Key Vault and set KEY_VAULT_URI',
    isOdd: (config) => isAzure(config) && config.SECRETS_FILE !== undefined,
  },
  {
    text: 'KEY_VAULT_URI is missing',
    remedy: 'set it: keyvault:NAME references need it',
    isOdd: (config) => isAzure(config) && config.KEY_VAULT_URI === undefined,
  },
  {
    text: 'the blob trigger polls, which Flex Consumption does not do',
    remedy: 'set TRAINING_DATA_TRIGGER to events, or BLOB_TRIGGER_SOURCE to EventGrid',
    isOdd: (config) =>
      isAzure(config) &&
      config.TRAINING_DATA_TRIGGER === 'blob' &&
      config.BLOB_TRIGGER_SOURCE !== 'EventGrid',
  },
  {
    text: 'DEVELOPMENT_LOOPBACK is on with an account in Azure',
    remedy: 'turn it off unless the web services run on this machine',
    isOdd: ({ DEVELOPMENT_LOOPBACK, RETRAIN_STORAGE = '' }) =>
      DEVELOPMENT_LOOPBACK && /AccountName=(?!devstoreaccount1)/i.test(RETRAIN_STORAGE),
  },
  {
    text: 'AzureWebJobsStorage is missing',
    remedy: 'set it: timers and blob triggers keep their state there',
    isOdd: (_config, env) =>
      !Object.keys(env).some((name) => /^AzureWebJobsStorage(?:__\w+Uri|__accountName)?$/.test(name)),
  },
]

/** Settings that are allowed, but odd where the app runs, each with its remedy. Pure. */
export function settingHints(config: Config, env: Env): Hint[] {
  return rules.filter(({ isOdd }) => isOdd(config, env)).map(({ text, remedy }) => ({ text, remedy }))
}
