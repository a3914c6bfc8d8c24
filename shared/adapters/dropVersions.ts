import type { RowChange, TableStore } from '../lib/tableStore.ts'
import type { Drop } from '../retraining/drop.ts'
import { RetryableError } from '../retraining/errors.ts'
import type { ModelKey } from '../retraining/names.ts'
import type { DropStore, NewestVersion, Versions } from '../retraining/stores.ts'
import { dropRow, modelPartition, newestRow, pendingRow, versionRange } from './keys.ts'
import { readAll } from './readAll.ts'
import { dropCodec } from './rows.ts'

/** From so many versions of one name on a row names the newest: a file that is written anew every few minutes gets thousands. */
const mostListed = 100

/** Versions of one blob name in the `models` table. */
export function createDropVersions(models: TableStore): Pick<DropStore, 'readVersions' | 'insertDrop'> {
  return {
    async readVersions(key, name) {
      const page = await models.list(modelPartition(key), versionRange(name), { size: mostListed })
      if (page.next !== undefined) return readNewest(models, key, name)
      return { versions: page.rows.map((row) => dropCodec.decode(row.cells)) }
    },
    async insertDrop(key, drop, newest) {
      const outcome = await models.transact(modelPartition(key), insertsOf(drop, newest))
      if (outcome === 'committed') return 'inserted'
      const isThere = newest === undefined || (await models.get(modelPartition(key), dropRow(drop.id)))
      if (isThere) return 'exists'
      throw new RetryableError(`Cannot record drop ${drop.name}: another version of it was recorded just now`)
    },
  }
}

/** In three reads; all versions are read once, before any row names the newest. */
async function readNewest(models: TableStore, key: ModelKey, name: string): Promise<Versions> {
  const pointer = await models.get(modelPartition(key), newestRow(name))
  const id = pointer?.cells.id
  const row = typeof id === 'string' ? await models.get(modelPartition(key), dropRow(id)) : undefined
  const rows = row === undefined ? await readAll(models, key, versionRange(name)) : [row]
  return { versions: rows.map(({ cells }) => dropCodec.decode(cells)), newest: { etag: pointer?.etag } }
}

function insertsOf(drop: Drop, newest: NewestVersion | undefined): RowChange[] {
  const cells = dropCodec.encode(drop)
  const changes: RowChange[] = [{ kind: 'insert', rowKey: dropRow(drop.id), cells }]
  if (drop.state === 'pending') {
    changes.push({ kind: 'insert', rowKey: pendingRow(drop.acceptedAtMs, drop.id), cells })
  }
  if (newest === undefined) return changes
  const pointer = { rowKey: newestRow(drop.name), cells: { v: 1, id: drop.id } }
  const { etag } = newest
  changes.push(etag === undefined ? { kind: 'insert', ...pointer } : { kind: 'replace', ...pointer, etag })
  return changes
}
