import { TableClient } from '@azure/data-tables'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { concurrently } from '../../../shared/retraining/concurrently.ts'

/** A row as it lies in the table. */
export type Cells = Readonly<Record<string, unknown>>

/** What a manifest says of one drop. */
export type ManifestDrop = { name: string; etag: string; use: string; reason?: string; copy?: string }

/** A generation that was committed: its run's row and the manifest that this names. */
export type Generation = {
  generation: number
  state: string
  reason: string
  /** What happened to it last, as one line. */
  lately?: string
  /** The blob in `training-sets` that its jobs read; absent when there is nothing to train on. */
  input?: string
  drops: readonly ManifestDrop[]
}

/** One model's rows and manifests. */
export type StoredModel = {
  customerId: string
  head: Cells
  generations: Generation[]
  /** Records of drops by `name etag`. */
  records: Map<string, Cells>
  waiting: number
}

/** A blob that landed. */
export type Landed = { name: string; etag: string; sizeBytes: number }

/** Reads the storage account itself, past the app's code and the proxy. */
export type StorageWitness = {
  models(): Promise<StoredModel[]>
  landed(): Promise<Landed[]>
  /** A blob of `training-sets` as text. */
  trainingSet(name: string): Promise<string>
}

const atOnce = 8

/** A witness of the account; manifests never change, so each is read once. */
export function createStorageWitness(connectionString: string): StorageWitness {
  const table = TableClient.fromConnectionString(connectionString, 'models', {
    allowInsecureConnection: true,
  })
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  const trainingSets = blobs.getContainerClient('training-sets')
  const manifests = new Map<string, readonly ManifestDrop[]>()
  return {
    async models() {
      const found = new Map<string, StoredModel>()
      const named = new Map<string, Generation>()
      for await (const row of table.listEntities<Record<string, unknown>>()) {
        addRow(found, named, row as Cells)
      }
      const missing = [...named.keys()].filter((name) => !manifests.has(name))
      await concurrently(missing, atOnce, async (name) => {
        manifests.set(name, JSON.parse(await readText(trainingSets, name)).drops)
      })
      for (const [name, generation] of named) generation.drops = manifests.get(name) ?? []
      return [...found.values()]
    },
    async landed() {
      const landed: Landed[] = []
      for await (const { name, properties } of blobs.getContainerClient('training-data').listBlobsFlat()) {
        const etag = properties.etag.replaceAll('"', '')
        landed.push({ name, etag, sizeBytes: properties.contentLength ?? 0 })
      }
      return landed
    },
    trainingSet: (name) => readText(trainingSets, name),
  }
}

function addRow(models: Map<string, StoredModel>, named: Map<string, Generation>, row: Cells): void {
  const partition = String(row.partitionKey)
  const model: StoredModel = models.get(partition) ?? {
    customerId: partition.split('|')[0] ?? '',
    head: {},
    generations: [],
    records: new Map(),
    waiting: 0,
  }
  models.set(partition, model)
  const [kind] = String(row.rowKey).split('|')
  if (kind === 'head') model.head = row
  if (kind === 'pending') model.waiting += 1
  if (kind === 'drop') model.records.set(`${row.name} ${row.blobEtag}`, row)
  if (kind === 'run') {
    const generation = generationOf(row)
    model.generations.push(generation)
    named.set(String(row.manifest), generation)
  }
}

function generationOf(row: Cells): Generation {
  const input = typeof row.input === 'string' ? (JSON.parse(row.input) as { name: string }).name : undefined
  return {
    generation: Number(row.generation),
    state: String(row.state),
    reason: String(row.reason ?? ''),
    lately: latelyOf(row.timeline),
    ...(input !== undefined && { input }),
    drops: [],
  }
}

/** The last entries of a run's timeline, for the report on one that doesn't end. */
function latelyOf(timeline: unknown): string {
  const entries = JSON.parse(String(timeline ?? '[]')) as { atMs: number; text: string; count?: number }[]
  const line = ({ atMs, text, count = 1 }: (typeof entries)[number]) =>
    `${new Date(atMs).toISOString().slice(11, 19)} ${text.slice(0, 90)}${count > 1 ? ` x${count}` : ''}`
  return entries.slice(-6).map(line).join(' / ')
}

async function readText(container: ContainerClient, name: string): Promise<string> {
  return (await container.getBlobClient(name).downloadToBuffer()).toString('utf8')
}
