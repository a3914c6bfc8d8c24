import {
  BlobSASPermissions,
  type ContainerClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  type UserDelegationKey,
} from '@azure/storage-blob'
import { TerminalError } from '../../retraining/errors.ts'
import type { SasSigner } from './blobSas.ts'

/** Asks the service for a key that signs in the name of the caller's identity, valid between these instants. */
export type AskForKey = (startsOn: Date, expiresOn: Date) => Promise<UserDelegationKey>

const dayMs = 24 * 3_600_000
/** The longest the service lets a key, and with it a SAS, live. */
const longestMs = 7 * dayMs

/** Of the signature: one that Azurite knows as well. Newer ones only add fields that a SAS of one blob does without. */
const version = '2022-11-02'

type KeptKey = { fromMs: number; untilMs: number; key: Promise<UserDelegationKey> }

/**
 * Service SAS (`sr=b`, https only) by a user-delegation key: needs no account key. One key serves for a day.
 * Azurite takes tokens over https only, so the local stack, on plain HTTP, can't use it.
 * Source: learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas.
 */
export function delegatedSigner(client: ContainerClient, askForKey: AskForKey): SasSigner {
  const { accountName, containerName, url } = client
  const baseLocation = url.slice(0, url.lastIndexOf('/') + 1)
  const keyFor = keepKey(askForKey)
  return async (blobName, startsAtMs, expiresAtMs, grants) => {
    if (expiresAtMs - startsAtMs > longestMs) {
      throw new TerminalError(`Cannot sign blob ${blobName}: a delegated SAS lives seven days at most`)
    }
    const key = await keyFor(startsAtMs, expiresAtMs)
    const permissions = BlobSASPermissions.parse(grants)
    const [startsOn, expiresOn] = [new Date(startsAtMs), new Date(expiresAtMs)]
    const protocol = SASProtocol.Https
    const values = { containerName, blobName, permissions, startsOn, expiresOn, protocol, version }
    const token = generateBlobSASQueryParameters(values, key, accountName).toString()
    const relativeLocation = client.getBlobClient(blobName).url.slice(baseLocation.length)
    return { baseLocation, relativeLocation, sasBlobToken: `?${token}` }
  }
}

/** Keeps the last key as long as it covers what is asked; one that could not be had is asked for again. */
function keepKey(askForKey: AskForKey): (fromMs: number, untilMs: number) => Promise<UserDelegationKey> {
  let kept: KeptKey | undefined
  return async (fromMs, untilMs) => {
    if (kept === undefined || fromMs < kept.fromMs || untilMs > kept.untilMs) {
      const lastMs = Math.max(untilMs, Math.min(untilMs + dayMs, fromMs + longestMs))
      kept = { fromMs, untilMs: lastMs, key: askForKey(new Date(fromMs), new Date(lastMs)) }
    }
    const asked = kept
    try {
      return await asked.key
    } catch (error) {
      if (kept === asked) kept = undefined
      throw error
    }
  }
}
