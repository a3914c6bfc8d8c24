import { z } from 'zod'
import type { BlobStore } from '../lib/blobStore.ts'
import { withInstantsAsNumbers } from '../lib/instants.ts'
import type { TableStore } from '../lib/tableStore.ts'
import type { RetainModelPorts } from '../retraining/retainModel.ts'
import type { RetainRecordsPorts } from '../retraining/retainRecords.ts'
import { headRow, modelPartition, runRow } from './keys.ts'
import { assertOwnBlob } from './ownBlob.ts'
import { createRowCodec } from './rowCodec.ts'
import { headCodec } from './rows.ts'
import { changeOf } from './runTable.ts'

/** The stores that retention removes from. */
export type RetentionStores = {
  tables: Record<'models' | 'deadLetters' | 'unclaimed' | 'audit' | 'cursors', TableStore>
  containers: Record<'trainingData' | 'trainingSets' | 'models', BlobStore>
}

type Removing = Pick<RetainModelPorts, 'removeTrainingSet' | 'removeArchived' | 'removeRun'>

const place = createRowCodec('cursors', z.object({ next: z.string().optional() }), [])
const cursor = { partitionKey: 'retention', rowKey: 'models' }

/** Removing what has outlived its time. */
export function createRetention({ tables, containers }: RetentionStores): Removing & RetainRecordsPorts {
  return {
    async removeTrainingSet(key, name) {
      assertOwnBlob(key, name)
      await containers.trainingSets.remove(name)
    },
    async removeArchived(key, name) {
      assertOwnBlob(key, name)
      await containers.models.remove(name)
    },
    async removeRun(key, { head, run }) {
      const outcome = await tables.models.transact(modelPartition(key), [
        changeOf(headRow, headCodec, head),
        { kind: 'remove', rowKey: runRow(key.generation), etag: run.etag },
      ])
      return outcome === 'committed' ? 'removed' : 'conflict'
    },
    async listOld(kind, page) {
      const { partitionKey, instants } = kinds[kind]
      const { rows, next } = await tables[kind].list(partitionKey, {}, page)
      const records = rows.map((row) => {
        const cells = withInstantsAsNumbers(row.cells) as Record<string, unknown>
        return { rowKey: row.rowKey, etag: row.etag, atMs: firstNumber(instants.map((name) => cells[name])) }
      })
      return next === undefined ? { records } : { records, next }
    },
    async removeOld(kind, { rowKey, etag }) {
      await tables[kind].remove(kinds[kind].partitionKey, rowKey, etag)
    },
    async listOldDrops(next) {
      const size = 1_000
      const page = await containers.trainingData.list('', next === undefined ? { size } : { size, next })
      return page.next === undefined ? { blobs: page.blobs } : { blobs: page.blobs, next: page.next }
    },
    removeDrop: (name, etag) => containers.trainingData.remove(name, etag),
    async readRetentionPlace() {
      const row = await tables.cursors.get(cursor.partitionKey, cursor.rowKey)
      return row === undefined ? {} : place.decode(row.cells)
    },
    writeRetentionPlace: (value) => tables.cursors.put({ ...cursor, cells: place.encode(value) }),
  }
}

/** Where each kind lies, and the instants, the first that is there, from which its time counts. */
const kinds = {
  // Open letters have no such instant: they stay until they were sent again or put aside.
  deadLetters: { partitionKey: 'letters', instants: ['resentAtMs', 'dismissedAtMs'] },
  // Open ones lie elsewhere: they are taken up when their customer is added.
  unclaimed: { partitionKey: 'settled', instants: ['seenAtMs'] },
  audit: { partitionKey: 'audit', instants: ['beganAtMs'] },
} as const

function firstNumber(values: readonly unknown[]): number | undefined {
  return values.find((value) => typeof value === 'number' && Number.isFinite(value)) as number | undefined
}
