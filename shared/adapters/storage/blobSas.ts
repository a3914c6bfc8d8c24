import {
  BlobSASPermissions,
  type ContainerClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import type { SasReference } from '../../lib/blobStore.ts'
import { TerminalError } from '../../retraining/errors.ts'

/** `r`: reading. `cw`: creating, in one request or in blocks, and nothing else: no reading, listing or deleting. */
export type SasPermissions = 'r' | 'cw'

/** Signs access to one blob from `startsAtMs` to `expiresAtMs`. A user-delegation key can stand behind the same type. */
export type SasSigner = (
  name: string,
  startsAtMs: number,
  expiresAtMs: number,
  grants: SasPermissions,
) => Promise<SasReference>

/**
 * Service SAS (`sr=b`) by the account key of the connection string; https only where the account is. The location is
 * percent-encoded, since clients concatenate its parts. Source: classic-protocol.md, rule 4.
 */
export function sharedKeySigner(client: ContainerClient): SasSigner {
  const { credential, containerName, url } = client
  const baseLocation = url.slice(0, url.lastIndexOf('/') + 1)
  const protocol = url.startsWith('https:') ? SASProtocol.Https : SASProtocol.HttpsAndHttp
  return async (blobName, startsAtMs, expiresAtMs, grants) => {
    if (!(credential instanceof StorageSharedKeyCredential)) {
      throw new TerminalError(
        `Cannot sign blob ${blobName}: the connection string of container ${containerName} has no account key`,
      )
    }
    const permissions = BlobSASPermissions.parse(grants)
    const [startsOn, expiresOn] = [new Date(startsAtMs), new Date(expiresAtMs)]
    const values = { containerName, blobName, permissions, startsOn, expiresOn, protocol }
    const token = generateBlobSASQueryParameters(values, credential).toString()
    const relativeLocation = client.getBlobClient(blobName).url.slice(baseLocation.length)
    return { baseLocation, relativeLocation, sasBlobToken: `?${token}` }
  }
}
