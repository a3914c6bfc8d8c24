import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Row, StoredRow, TableStore } from '../../shared/lib/tableStore.ts'

/** What of a table a folder can do. */
export type FileRows = Pick<TableStore, 'get' | 'insert' | 'put' | 'replace' | 'remove' | 'list'>

/**
 * Rows as files, for a gateway without storage: `{folder}/{partition}/{row}.json`, for their owner only. A file is written
 * whole or not at all; two processes that replace the same row in the same moment are not told of each other, which a
 * gateway and the commands on one machine can live with.
 */
export function createFileRows(folder: string): FileRows {
  return {
    get: (partitionKey, rowKey) => readRow(folder, partitionKey, rowKey),
    async insert(row) {
      const fresh = await writeFresh(folder, row)
      try {
        await link(fresh, pathOf(folder, row.partitionKey, row.rowKey))
        return 'inserted'
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists'
        throw error
      } finally {
        await rm(fresh, { force: true })
      }
    },
    put: (row) => write(folder, row),
    async replace(row, etag) {
      if ((await readRow(folder, row.partitionKey, row.rowKey))?.etag !== etag) return 'changed'
      await write(folder, row)
      return 'replaced'
    },
    async remove(partitionKey, rowKey, etag) {
      if ((await readRow(folder, partitionKey, rowKey))?.etag !== etag) return 'changed'
      await rm(pathOf(folder, partitionKey, rowKey), { force: true })
      return 'removed'
    },
    async list(partitionKey, { from = '', before }) {
      const names = await namesOf(join(folder, encode(partitionKey)))
      const keys = names
        .map(decode)
        .filter((key) => key >= from && (before === undefined || key < before))
        .sort()
      const rows = await Promise.all(keys.map((key) => readRow(folder, partitionKey, key)))
      return { rows: rows.filter((row) => row !== undefined) }
    },
  }
}

const encode = (key: string) => encodeURIComponent(key).replaceAll('*', '%2A').replaceAll('.', '%2E')
const decode = (name: string) => decodeURIComponent(name.slice(0, -'.json'.length))

function pathOf(folder: string, partitionKey: string, rowKey: string): string {
  return join(folder, encode(partitionKey), `${encode(rowKey)}.json`)
}

async function readRow(folder: string, partitionKey: string, rowKey: string): Promise<StoredRow | undefined> {
  try {
    const text = await readFile(pathOf(folder, partitionKey, rowKey), 'utf8')
    const etag = createHash('sha256').update(text).digest('hex')
    return { partitionKey, rowKey, cells: JSON.parse(text), etag }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function write(folder: string, row: Row): Promise<void> {
  await rename(await writeFresh(folder, row), pathOf(folder, row.partitionKey, row.rowKey))
}

async function writeFresh(folder: string, { partitionKey, cells }: Row): Promise<string> {
  const partition = join(folder, encode(partitionKey))
  await mkdir(partition, { recursive: true, mode: 0o700 })
  const fresh = join(partition, `${randomUUID()}.new`)
  await writeFile(fresh, JSON.stringify(cells, null, 2), { mode: 0o600 })
  return fresh
}

async function namesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
