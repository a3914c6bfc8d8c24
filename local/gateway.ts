import { join } from 'node:path'
import type { RunningGateway } from '../gateway/startGateway.ts'
import { startOnSomePort } from '../gateway/startOnSomePort.ts'
import type { EmulatorReady } from './setup/emulatorApi.ts'
import type { Stack } from './stack.ts'

/** What the gateway needs of the stack. */
export type GatewayPlace = Pick<Stack, 'emulator' | 'connectionString' | 'folder'>

/** The gateway in front of the emulator, or why there is none: the stack serves without it. `lines` say so. */
export type LocalGateway = { lines: string[]; stop(): Promise<void> }

/** The web service that the API Management guide tries; its try-it page is filled in for it. */
const guideService = 'SimpleFeatureHashingExperiment'

/** Starts the gateway in this process, on the stack's storage; `port` undefined is the usual one, or a free one. */
export async function startLocalGateway(
  { emulator, connectionString, folder }: GatewayPlace,
  port: number | undefined,
  print: (line: string) => void,
): Promise<LocalGateway> {
  try {
    const gateway = await startOnSomePort({
      backend: { url: emulator.url },
      storage: connectionString,
      folder: join(folder, 'gateway'),
      environment: { SECRETS_FILE: join(folder, 'secrets.json'), ...process.env },
      example: exampleOf(emulator),
      report: print,
      ...(port !== undefined && { port }),
    })
    return { lines: linesOf(gateway), stop: () => gateway.close() }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { lines: [`  gateway     none: ${reason}`], stop: async () => {} }
  }
}

function linesOf({ url, subscriptions }: RunningGateway): string[] {
  const starter = subscriptions.find(({ product }) => product === 'Starter')
  return [
    `  gateway     ${url}/azureml-demo`,
    `  try it      ${url}/try-it/`,
    ...(starter === undefined ? [] : [`  sample key  ${starter.primaryKey} (Starter: 5 calls a minute)`]),
  ]
}

function exampleOf({ workspaces }: EmulatorReady): { workspace: string; service: string } | undefined {
  for (const { id, webServices } of workspaces) {
    const endpoint = webServices.find(({ name }) => name === guideService)?.endpoints[0]
    if (endpoint !== undefined) return { workspace: id, service: endpoint.id }
  }
  return undefined
}
