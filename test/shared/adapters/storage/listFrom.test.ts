import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAzureBlobs } from '../../../../shared/adapters/storage/azureBlob.ts'

const asked: URLSearchParams[] = []
let server: Server
let connection: string

/** A storage service that overlooks `startFrom`. */
beforeAll(async () => {
  const blob = (name: string) =>
    `<Blob><Name>${name}</Name><Properties><Last-Modified>Sat, 31 Jan 2026 00:00:00 GMT</Last-Modified><Etag>0x1</Etag><Content-Length>1</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>`
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://service').searchParams)
    response.setHeader('Content-Type', 'application/xml')
    response.end(
      `<?xml version="1.0"?><EnumerationResults ContainerName="drops"><Blobs>${blob('a')}${blob('c')}</Blobs><NextMarker>m</NextMarker></EnumerationResults>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const key = Buffer.from('key').toString('base64')
  connection = `DefaultEndpointsProtocol=http;AccountName=elsewhere;AccountKey=${key};BlobEndpoint=http://127.0.0.1:${port}/elsewhere;`
})
afterAll(() => server.close())

test('Azure is asked for startFrom; what comes before is left out where a service overlooks it', async () => {
  const blobs = createAzureBlobs(connection, 'drops')
  const { blobs: found, next } = await blobs.list('', { size: 2, from: 'b' })
  expect([found.map(({ name }) => name), next]).toEqual([['c'], 'm'])
  expect([asked[0]?.get('startFrom'), asked[0]?.get('marker')]).toEqual(['b', null])
  await blobs.list('', { size: 2, next: 'm' })
  expect([asked[1]?.get('startFrom'), asked[1]?.get('marker')]).toEqual([null, 'm'])
})
