import type { TokenCredential } from '@azure/identity'
import { callDeadline, storageCall } from './storage/storageError.ts'

/** A vault's secrets by name; undefined where it has none of that name. */
export type Vault = { read(name: string): Promise<string | undefined> }

/** The one call of a vault's client that the app needs. */
export type VaultClient = {
  getSecret(name: string, options: { abortSignal: AbortSignal }): Promise<{ value?: string | undefined }>
}

/** Tries of a call and the waits between them, in ms. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 }

/**
 * The vault at `uri` (`https://name.vault.azure.net`), whose package is loaded at the first secret. Throws `RetryableError`
 * for what may pass, `Error` for a refusal. Source: learn.microsoft.com/rest/api/keyvault/secrets/get-secret.
 */
export function createKeyVault(uri: string, credential: TokenCredential): Vault {
  let client: Promise<VaultClient> | undefined
  return {
    async read(name) {
      client ??= openVault(uri, credential)
      return readSecret(await client, name)
    },
  }
}

/** The newest version of a secret; disabled and expired ones are refused by the vault, not answered as missing. */
export function readSecret(client: VaultClient, name: string): Promise<string | undefined> {
  return storageCall<{ value?: string | undefined }>(
    `read secret ${name} of Key Vault`,
    () => client.getSecret(name, { abortSignal: callDeadline() }),
    ({ status }) => (status === 404 ? {} : undefined),
  ).then(({ value }) => value)
}

async function openVault(uri: string, credential: TokenCredential): Promise<VaultClient> {
  const { SecretClient } = await import('@azure/keyvault-secrets')
  return new SecretClient(uri, credential, { retryOptions })
}
