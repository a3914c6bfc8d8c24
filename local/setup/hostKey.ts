import { BlobServiceClient } from '@azure/storage-blob'
import { hostIdOf, loadEnvironment } from '../host/settings/environment.ts'
import { azureStateBlobs } from '../host/storage/stateBlobs.ts'

/**
 * The master key of the Functions host over `root`, from the container it keeps its keys in; undefined before its first
 * start with `--auth`. A secret: for the stack file, which its owner only can read. Source: functions-host.md 2.5.
 */
export async function readHostKey(root: string, connectionString: string): Promise<string | undefined> {
  const hostId = hostIdOf(root, await loadEnvironment(root, process.env))
  const service = BlobServiceClient.fromConnectionString(connectionString)
  const found = await azureStateBlobs(service, 'azure-webjobs-secrets').read(`${hostId}/host.json`)
  if (found === undefined || found.text === '') return undefined
  const { masterKey } = JSON.parse(found.text) as { masterKey?: { value?: string } }
  return masterKey?.value
}
