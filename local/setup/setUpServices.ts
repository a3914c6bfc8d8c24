import { existsSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import type { EmulatorReady, WebService, Workspace } from './emulatorApi.ts'
import { writeSecrets } from './secrets.ts'

/** Where the secrets go, and a fleet file that names the emulator's web services. */
export type ServicesPlace = { secretsFile: string; fleetFile: string }

/**
 * Readies a stack without customers: writes the secrets that a fleet file refers to (`file:training-bird-strikes-key`,
 * `file:workspace-token`), and, where there is none yet, a fleet file with the emulator's web services.
 */
export function setUpServices(emulator: EmulatorReady, { secretsFile, fleetFile }: ServicesPlace): void {
  const secrets: Record<string, string> = {}
  for (const workspace of emulator.workspaces) {
    secrets[tokenSecret] ??= workspace.token
    for (const service of workspace.webServices) {
      const key = defaultEndpoint(service)?.primaryKey
      if (service.kind === 'training' && key !== undefined) secrets[trainingSecret(service.name)] = key
    }
  }
  writeSecrets(secretsFile, secrets)
  if (!existsSync(fleetFile)) writeFileSync(fleetFile, starterText(emulator))
}

/** The secret's name of the workspace's token. */
export const tokenSecret = 'workspace-token'

/** The secret's name of a training web service's key: `training-bird-strikes-key`. Pure. */
export function trainingSecret(serviceName: string): string {
  return `training-${serviceName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-key`
}

const heading = `# The emulator's web services. Add customers as docs/operating.md shows, then: npm run retrain -- apply THIS_FILE
`

function starterText({ url, workspaces }: EmulatorReady): string {
  const training: Record<string, object> = {}
  const predictive: Record<string, object> = {}
  for (const workspace of workspaces) {
    for (const service of workspace.webServices) {
      if (service.kind === 'training') training[service.name] = trainingOf(service)
      if (service.kind === 'predictive') predictive[service.name] = predictiveOf(url, workspace, service)
    }
  }
  return heading + stringify({ services: { training, predictive }, customers: {} }, { lineWidth: 0 })
}

function trainingOf(service: WebService): object {
  return {
    jobsUrl: `${defaultEndpoint(service)?.apiLocation}/jobs`,
    apiKey: `file:${trainingSecret(service.name)}`,
  }
}

function predictiveOf(url: string, { id }: Workspace, service: WebService): object {
  return { managementUrl: `${url}/workspaces/${id}/webservices/${service.id}`, token: `file:${tokenSecret}` }
}

function defaultEndpoint({ endpoints }: WebService): WebService['endpoints'][number] | undefined {
  return endpoints.find(({ name }) => name === 'default')
}
