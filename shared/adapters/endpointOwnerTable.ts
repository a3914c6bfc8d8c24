import { z } from 'zod'
import type { RowPage, TableStore } from '../lib/tableStore.ts'
import type { EndpointOwner, EndpointOwners } from '../retraining/predictiveServices.ts'
import { hash } from './keys.ts'
import { createRowCodec } from './rowCodec.ts'

/** `customerId` and `model` are absent where it is a staging endpoint. */
const record = z.object({
  url: z.string(),
  customerId: z.string().optional(),
  model: z.string().optional(),
})
const codec = createRowCodec('endpoint', record, [])
const partitionKey = 'endpoint'
const pageSize = 1_000

/** Whose each endpoint is, in the `webservices` table: partition `endpoint`, row the hash of its management URL. */
export function createEndpointOwnerTable(webServices: TableStore): EndpointOwners {
  const read = async (url: string): Promise<EndpointOwner | undefined> => {
    const row = await webServices.get(partitionKey, rowOf(url))
    if (row === undefined) return undefined
    const { customerId, model } = codec.decode(row.cells)
    return customerId === undefined || model === undefined ? 'staging' : { customerId, model }
  }
  return {
    readOwner: read,
    async takeEndpoint(url, owner) {
      const cells = codec.encode(owner === 'staging' ? { url } : { url, ...owner })
      const outcome = await webServices.insert({ partitionKey, rowKey: rowOf(url), cells })
      return outcome === 'inserted' ? owner : ((await read(url)) ?? owner)
    },
    async listOwned({ customerId, model }) {
      const urls: string[] = []
      let next: string | undefined
      do {
        const size = { size: pageSize }
        const page: RowPage = await webServices.list(
          partitionKey,
          {},
          next === undefined ? size : { ...size, next },
        )
        const rows = page.rows.map((row) => codec.decode(row.cells))
        const own = rows.filter((row) => row.customerId === customerId && row.model === model)
        urls.push(...own.map(({ url }) => url))
        next = page.next
      } while (next !== undefined)
      return urls
    },
    async releaseEndpoint(url) {
      const row = await webServices.get(partitionKey, rowOf(url))
      if (row !== undefined) await webServices.remove(partitionKey, row.rowKey, row.etag)
    },
  }
}

/** Management URLs are taken in any case. */
function rowOf(url: string): string {
  return hash(url.toLowerCase().replace(/\/+$/, ''))
}
