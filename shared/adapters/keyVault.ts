import type { TokenCredential } from '@azure/identity'
import { TerminalError } from '../retraining/errors.ts'
import { callDeadline, storageAnswer, storageCall } from './storage/storageError.ts'

/** A vault's secrets by name; undefined where it has none of that name. */
export type Vault = {
  read(name: string): Promise<string | undefined>
  /** Writes a new version. Throws TerminalError where the identity may not. */
  write(name: string, value: string): Promise<void>
  /** Deletes it; the vault keeps what it deletes for its own retention time. `missing` when there is none of that name. */
  remove?(name: string): Promise<'removed' | 'missing'>
}

/** The calls of a vault's client that the app needs. */
export type VaultClient = {
  getSecret(name: string, options: { abortSignal: AbortSignal }): Promise<{ value?: string | undefined }>
  setSecret(name: string, value: string, options: { abortSignal: AbortSignal }): Promise<unknown>
  beginDeleteSecret?(name: string, options: { abortSignal: AbortSignal }): Promise<unknown>
}

/** Tries of a call and the waits between them, in ms. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 }

/**
 * The vault at `uri` (`https://name.vault.azure.net`), whose package is loaded at the first secret. Throws `RetryableError`
 * for what may pass, `Error` for a refusal. Source: learn.microsoft.com/rest/api/keyvault/secrets/get-secret, set-secret.
 */
export function createKeyVault(uri: string, credential: TokenCredential): Vault {
  let client: Promise<VaultClient> | undefined
  const open = () => (client ??= openVault(uri, credential))
  return {
    read: async (name) => readSecret(await open(), name),
    write: async (name, value) => writeSecret(await open(), name, value),
    remove: async (name) => removeSecret(await open(), name),
  }
}

/** The newest version of a secret; disabled and expired ones are refused by the vault, not answered as missing. */
export function readSecret(
  client: Pick<VaultClient, 'getSecret'>,
  name: string,
): Promise<string | undefined> {
  return storageCall<{ value?: string | undefined }>(
    `read secret ${name} of Key Vault`,
    () => client.getSecret(name, { abortSignal: callDeadline() }),
    ({ status }) => (status === 404 ? {} : undefined),
  ).then(({ value }) => value)
}

/** Writes a new version of a secret; says what is missing where the identity may only read. */
export async function writeSecret(
  client: Pick<VaultClient, 'setSecret'>,
  name: string,
  value: string,
): Promise<void> {
  await storageCall(`write secret ${name} of Key Vault`, async () => {
    try {
      await client.setSecret(name, value, { abortSignal: callDeadline() })
    } catch (error) {
      if (storageAnswer(error).status !== 403) throw error
      throw new TerminalError(
        `Cannot write secret ${name} of Key Vault: the app may only read there (deploy with appWritesSecrets)`,
      )
    }
  })
}

/** Deletes a secret; `missing` when there is none of the name. */
export function removeSecret(
  client: Pick<VaultClient, 'beginDeleteSecret'>,
  name: string,
): Promise<'removed' | 'missing'> {
  return storageCall<'removed' | 'missing'>(
    `delete secret ${name} of Key Vault`,
    async () => {
      await client.beginDeleteSecret?.(name, { abortSignal: callDeadline() })
      return 'removed'
    },
    ({ status }) => (status === 404 ? 'missing' : undefined),
  )
}

async function openVault(uri: string, credential: TokenCredential): Promise<VaultClient> {
  const { SecretClient } = await import('@azure/keyvault-secrets')
  return new SecretClient(uri, credential, { retryOptions })
}
