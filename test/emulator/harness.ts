import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { inject } from 'vitest'
import type { Description } from '../../emulator/describe.ts'
import type { EmulatorOptions } from '../../emulator/options.ts'
import { type RunningEmulator, startEmulator } from '../../emulator/start.ts'
import { experiments, fruitCsv } from './fruit.ts'

// Every test bed starts a worker thread, which reads the engine: from this cache in a sixth of the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'emulator-compile-cache')

/** A web service's endpoint as tests use it. */
export type Target = { api: string; key: string; management: string; id: string; serviceId: string }

/** An emulator of a test: its own data folder, experiments and container. */
export type TestBed = {
  folder: string
  emulator: RunningEmulator
  options: EmulatorOptions
  container: ContainerClient
  token: string
  target(service: string, endpoint?: string): Target
  remove(): Promise<void>
}

/** Starts an emulator on the shared Azurite; PATCHes take effect at once unless `given` says otherwise. */
export async function startTestBed(given: Partial<EmulatorOptions> = {}): Promise<TestBed> {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  await mkdir(join(folder, 'experiments'))
  for (const [key, experiment] of Object.entries(experiments)) {
    await writeFile(join(folder, 'experiments', `${key}.json`), JSON.stringify(experiment))
  }
  await writeFile(join(folder, 'experiments', 'fruit.csv'), fruitCsv(60))
  const container = `emulator-${randomUUID()}`
  const options: EmulatorOptions = {
    dataFolder: join(folder, 'data'),
    storage: inject('storage'),
    container,
    experiments: [join(folder, 'experiments')],
    patchDelaySeconds: 0,
    workers: 1,
    admin: true,
    report: (line) => console.log(line),
    ...given,
  }
  const emulator = await startEmulator(options)
  const bed: TestBed = {
    folder,
    emulator,
    options,
    container: BlobServiceClient.fromConnectionString(inject('storage')).getContainerClient(container),
    token: emulator.describe().workspaces[0]?.token ?? '',
    target: (service, endpoint = 'default') => findTarget(bed.emulator.describe(), service, endpoint),
    async remove() {
      await bed.emulator.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return bed
}

/** The endpoint of a description. */
export function findTarget(description: Description, service: string, name: string): Target {
  const workspace = description.workspaces[0]
  const found = workspace?.webServices.find((candidate) => candidate.name === service)
  const endpoint = found?.endpoints.find((candidate) => candidate.name === name)
  if (workspace === undefined || found === undefined || endpoint === undefined) {
    throw new Error(`no endpoint ${name} of ${service}`)
  }
  const services = `${description.url}/workspaces/${workspace.id}/webservices`
  return {
    api: endpoint.apiLocation,
    key: endpoint.primaryKey,
    management: `${services}/${found.id}/endpoints/${name}`,
    id: endpoint.id,
    serviceId: found.id,
  }
}
