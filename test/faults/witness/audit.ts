import type { DroppedVersion } from '../dropper.ts'
import { type DropTally, tallyDrops } from './drops.ts'
import { createEmulatorWitness } from './emulator.ts'
import { type EndpointFindings, followEndpoints } from './endpoints.ts'
import { findStartedTwice } from './jobs.ts'
import { createStorageWitness, type Landed, type StoredModel } from './storage.ts'

/** What a look at storage and the emulator finds. */
export type Audit = {
  models: StoredModel[]
  /** Runs that are over, by their state; `open`: those that are not. */
  ended: Record<string, number>
  open: string[]
  drops: DropTally
  startedTwice: string[]
  endpoints: EndpointFindings
  /** Everything that is not done yet, one line each. */
  pending: string[]
}

/** Looks, past the app and the proxy. */
export type Auditor = {
  storage: ReturnType<typeof createStorageWitness>
  look(dropped: readonly DroppedVersion[], isOver: boolean): Promise<Audit>
}

const endStates = new Set(['live', 'rejected', 'superseded', 'failed', 'cancelled'])

/** An auditor of one storage account and one emulator, by their own addresses. */
export function createAuditor(connectionString: string, emulatorUrl: string): Auditor {
  const storage = createStorageWitness(connectionString)
  const emulator = createEmulatorWitness(emulatorUrl)
  return {
    storage,
    async look(dropped, isOver) {
      const known = [...dropped]
      const landed = await storage.landed()
      const [jobs, endpoints] = [await emulator.jobs(), await emulator.endpoints()]
      const models = await storage.models()
      const found = followEndpoints(endpoints, models)
      return {
        models,
        ...sortRuns(models),
        drops: tallyDrops(known, models, isOver),
        startedTwice: findStartedTwice(jobs, models),
        endpoints: found,
        pending: [...listPending(models, landed), ...found.astray],
      }
    },
  }
}

function sortRuns(models: readonly StoredModel[]): Pick<Audit, 'ended' | 'open'> {
  const ended: Record<string, number> = {}
  const open: string[] = []
  for (const { customerId, generations } of models) {
    for (const { generation, state, lately } of generations) {
      if (endStates.has(state)) ended[state] = (ended[state] ?? 0) + 1
      else
        open.push(`${customerId}, generation ${generation}: ${state}${lately ? ` (lately: ${lately})` : ''}`)
    }
  }
  return { ended, open }
}

/** Runs that are not over, drops that wait, blobs without a record. Pure. */
export function listPending(models: readonly StoredModel[], landed: readonly Landed[]): string[] {
  const records = new Set(models.flatMap((model) => [...model.records.keys()]))
  const unrecorded = landed.filter(
    ({ name, etag, sizeBytes }) => sizeBytes > 0 && !records.has(`${name} ${etag}`),
  )
  return [
    ...sortRuns(models).open,
    ...models
      .filter(({ waiting }) => waiting > 0)
      .map(({ customerId, waiting }) => `${customerId}: ${waiting} drops wait`),
    ...models
      .filter(({ head }) => head.marksOf !== undefined)
      .map(({ customerId }) => `${customerId}: drops are not marked`),
    ...unrecorded.map(({ name }) => `${name}: landed and not recorded`),
  ]
}
