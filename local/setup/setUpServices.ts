import type { EmulatorReady } from './emulatorApi.ts'
import { writeSecrets } from './secrets.ts'

/**
 * Writes the secrets that a fleet file refers to: the key of each training web service (`file:training-bird-strikes-key`)
 * and the workspace's token (`file:workspace-token`), by which endpoints are made. Adds no customer.
 */
export async function setUpServices(emulator: EmulatorReady, secretsFile: string): Promise<[]> {
  const secrets: Record<string, string> = {}
  for (const workspace of emulator.workspaces) {
    secrets['workspace-token'] ??= workspace.token
    for (const service of workspace.webServices) {
      const key = service.endpoints.find(({ name }) => name === 'default')?.primaryKey
      if (service.kind === 'training' && key !== undefined) secrets[trainingSecret(service.name)] = key
    }
  }
  writeSecrets(secretsFile, secrets)
  return []
}

/** The secret's name of a training web service's key: `training-bird-strikes-key`. Pure. */
export function trainingSecret(serviceName: string): string {
  return `training-${serviceName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-key`
}
