import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TokenCredential } from '@azure/identity'
import { expect, test, vi } from 'vitest'
import { openAzureAccess } from '../../../shared/adapters/azureAccess.ts'
import { createAzureStores } from '../../../shared/adapters/azureStores.ts'
import { loadConfig } from '../../../shared/config.ts'

const clientId = '0f8fad5b-d9cb-469f-a165-70867728950e'
const uris = {
  RETRAIN_STORAGE__blobServiceUri: 'https://acct.blob.core.windows.net/',
  RETRAIN_STORAGE__queueServiceUri: 'https://acct.queue.core.windows.net',
  RETRAIN_STORAGE__tableServiceUri: 'https://acct.table.core.windows.net',
  RETRAIN_STORAGE__clientId: clientId,
}

test('a connection string needs no identity', async () => {
  const connection = 'UseDevelopmentStorage=true'
  const access = await openAzureAccess(loadConfig({ RETRAIN_STORAGE: connection }))
  expect(access).toEqual({ storage: connection, vault: undefined })
})

test('service URIs go with the app’s identity, and the vault with the same', async () => {
  const config = loadConfig({ ...uris, KEY_VAULT_URI: 'https://v.vault.azure.net' })
  const { storage, vault } = await openAzureAccess(config)
  expect(storage).toMatchObject({ blobServiceUri: 'https://acct.blob.core.windows.net/' })
  expect(vault).toBeDefined()
  expect(Object.values(createAzureStores(storage).containers).map(({ container }) => container)).toEqual([
    'training-data',
    'training-sets',
    'models',
    'holdouts',
  ])
})

test('the token is asked of the app’s own identity endpoint, by its client id', async () => {
  const asked: URL[] = []
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://x'))
    response.setHeader('content-type', 'application/json')
    const expiresOn = String(Math.floor(Date.now() / 1000) + 3_600)
    response.end(JSON.stringify({ access_token: 'token-1', expires_on: expiresOn, token_type: 'Bearer' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${port}/msi/token`)
  vi.stubEnv('IDENTITY_HEADER', 'header-1')
  try {
    const { storage } = await openAzureAccess(loadConfig(uris))
    const { credential } = storage as { credential: TokenCredential }
    const token = await credential.getToken('https://storage.azure.com/.default')
    expect(token?.token).toBe('token-1')
    expect(asked[0]?.searchParams.get('resource')).toBe('https://storage.azure.com')
    expect(asked[0]?.searchParams.get('client_id')).toBe(clientId)
  } finally {
    vi.unstubAllEnvs()
    server.close()
  }
})
