import type { TokenCredential } from '@azure/identity'

/** How a storage account is reached: by its connection string, or by its services' URLs and the app's identity. */
export type StorageConnection = string | StorageByIdentity

/** The three services' URLs (`https://account.blob.core.windows.net`, a `/` at the end or not) and who calls them. */
export type StorageByIdentity = {
  blobServiceUri: string
  queueServiceUri: string
  tableServiceUri: string
  credential: TokenCredential
}

/** The URL of a container or queue of a service. Pure. */
export function urlWithin(serviceUri: string, name: string): string {
  return `${serviceUri.replace(/\/+$/, '')}/${name}`
}

/** What of the connection to call wrong in an error; never the string itself. */
export function wrongPartOf(connection: StorageConnection): string {
  return typeof connection === 'string'
    ? 'the connection string of its account is none'
    : 'its service URI is none'
}
