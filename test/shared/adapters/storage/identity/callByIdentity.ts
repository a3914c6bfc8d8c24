import { createAzureStores, createMissing } from '../../../../../shared/adapters/azureStores.ts'

/**
 * Run as a process of its own, since the certificate to trust is known to a process at its start. Uses every kind of store
 * by an identity (a token that Azurite takes: unsigned, of the right audience) and prints what came of it as JSON.
 */
const [blobServiceUri = '', queueServiceUri = '', tableServiceUri = ''] = process.argv.slice(2)

const nowMs = Date.now()
const seconds = Math.floor(nowMs / 1000)
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const tenant = '9f2b8a90-7d0f-4c1e-9a57-2f7d3f1a6c11'
const claims = {
  aud: 'https://storage.azure.com',
  iss: `https://sts.windows.net/${tenant}/`,
  ...{ iat: seconds - 60, nbf: seconds - 60, exp: seconds + 3_600 },
  ...{ oid: '5b1e7c0e-3f55-4a0c-8d06-b4c4f2f0a7d2', tid: tenant, ver: '1.0' },
}
const token = [encode({ alg: 'none', typ: 'JWT' }), encode(claims), 'unsigned'].join('.')
const credential = { getToken: async () => ({ token, expiresOnTimestamp: nowMs + 3_600_000 }) }

const stores = createAzureStores({ blobServiceUri, queueServiceUri, tableServiceUri, credential })
await createMissing(stores)
const { trainingSets } = stores.containers
await trainingSets.put('acme/set 1.csv', new TextEncoder().encode('a,b\n1,2\n'), 'text/csv')
await trainingSets.put('acme/other.csv', new TextEncoder().encode('mine'), 'text/csv')
const url = async (fromMs: number, untilMs: number) => {
  const reference = await trainingSets.readOnlyReference('acme/set 1.csv', nowMs + fromMs, nowMs + untilMs)
  return reference.baseLocation + reference.relativeLocation + reference.sasBlobToken
}
const signed = await url(-900_000, 3_600_000)
const answer = await fetch(signed)
const write = { method: 'PUT', body: 'x', headers: { 'x-ms-blob-type': 'BlockBlob' } }
await stores.queues.startRequests.send({ v: 1 })
const row = { partitionKey: 'p', rowKey: 'r', cells: { number: 1 } }
console.log(
  JSON.stringify({
    read: [answer.status, await answer.text()],
    written: (await fetch(signed, write)).status,
    other: (await fetch(signed.replace('set%201', 'other'))).status,
    expired: (await fetch(await url(-120_000, -60_000))).status,
    messages: await stores.queues.startRequests.count(),
    inserted: await stores.tables.models.insert(row),
    cells: (await stores.tables.models.get('p', 'r'))?.cells,
  }),
)
