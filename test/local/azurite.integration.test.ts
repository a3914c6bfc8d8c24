import { BlobServiceClient } from '@azure/storage-blob'
import { expect, inject, test } from 'vitest'

test('the shared Azurite answers with its three services', async () => {
  const service = BlobServiceClient.fromConnectionString(inject('storage'))
  const properties = await service.getProperties()
  expect(properties._response.status).toBe(200)
  expect(inject('storage')).toMatch(/QueueEndpoint=http:.*TableEndpoint=http:/)
})
