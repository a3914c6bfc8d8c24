import type { Config } from '../config.ts'
import { createCredential } from './identity.ts'
import { createKeyVault, type Vault } from './keyVault.ts'
import type { StorageConnection } from './storage/connection.ts'

/** What the app reaches Azure with. */
export type AzureAccess = { storage: StorageConnection; vault: Vault | undefined }

/**
 * By the settings: a connection string where there is one, else the identity; one credential for storage and vault. Asks for
 * no token yet. Throws when the settings name no account (`loadConfig` refuses that before).
 */
export async function openAzureAccess(config: Config): Promise<AzureAccess> {
  const { RETRAIN_STORAGE: connectionString, KEY_VAULT_URI: vaultUri } = config
  if (connectionString !== undefined && vaultUri === undefined) {
    return { storage: connectionString, vault: undefined }
  }
  const credential = await createCredential({
    kind: config.RETRAIN_STORAGE__credential,
    clientId: config.RETRAIN_STORAGE__clientId,
  })
  return {
    storage: connectionString ?? { ...serviceUris(config), credential },
    vault: vaultUri === undefined ? undefined : createKeyVault(vaultUri, credential),
  }
}

function serviceUris(config: Config) {
  const {
    RETRAIN_STORAGE__blobServiceUri: blobServiceUri,
    RETRAIN_STORAGE__queueServiceUri: queueServiceUri,
    RETRAIN_STORAGE__tableServiceUri: tableServiceUri,
  } = config
  if (!blobServiceUri || !queueServiceUri || !tableServiceUri) {
    throw new Error('Cannot connect to storage: the settings name no account')
  }
  return { blobServiceUri, queueServiceUri, tableServiceUri }
}
