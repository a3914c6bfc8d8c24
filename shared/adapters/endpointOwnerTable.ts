import { z } from 'zod'
import type { TableStore } from '../lib/tableStore.ts'
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
