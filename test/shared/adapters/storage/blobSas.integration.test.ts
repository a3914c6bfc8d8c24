import { randomUUID } from 'node:crypto'
import { BlockBlobClient } from '@azure/storage-blob'
import { beforeAll, expect, inject, test } from 'vitest'
import { createAzureBlobs } from '../../../../shared/adapters/storage/azureBlob.ts'
import type { BlobStore } from '../../../../shared/lib/blobStore.ts'
import { TerminalError } from '../../../../shared/retraining/errors.ts'

let blobs: BlobStore
const bytes = (text: string) => new TextEncoder().encode(text)
const freshName = () => `acme/churn/${randomUUID()}.csv`

beforeAll(async () => {
  blobs = createAzureBlobs(inject('storage'), `c-${randomUUID()}`)
  await blobs.create()
})

async function textOf(name: string): Promise<string> {
  return new TextDecoder().decode(await blobs.read(name, 1_000_000))
}

async function signedUrl(name: string, fromMs: number, untilMs: number): Promise<string> {
  const nowMs = Date.now()
  const { baseLocation, relativeLocation, sasBlobToken } = await blobs.readOnlyReference(
    name,
    nowMs + fromMs,
    nowMs + untilMs,
  )
  return baseLocation + relativeLocation + sasBlobToken
}

const oddNames = ['a b.csv', 'ü.csv', 'a#b?.csv', '100%.csv', "o'brien+&=.csv", 'ä/b c/d.csv']
test.each(oddNames)('the name %s is written, listed, read and signed', async (odd) => {
  const name = `odd/${randomUUID()}/${odd}`
  await blobs.put(name, bytes(odd), 'text/csv')
  expect((await blobs.list(name.slice(0, 41), { size: 10 })).blobs.map((blob) => blob.name)).toEqual([name])
  const response = await fetch(await signedUrl(name, -60_000, 60_000))
  expect([response.status, await response.text()]).toEqual([200, odd])
  await blobs.remove(name)
  expect(await blobs.facts(name)).toBeUndefined()
})

test('the three parts of a reference have their slashes where clients expect them', async () => {
  const reference = await blobs.readOnlyReference('a/b.csv', 0, 1_760_000_000_000)
  expect(reference.baseLocation).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/devstoreaccount1\/$/)
  expect(reference.relativeLocation).toBe(`${blobs.container}/a/b.csv`)
  expect(Object.fromEntries(new URLSearchParams(reference.sasBlobToken))).toMatchObject({
    st: '1970-01-01T00:00:00Z',
    se: '2025-10-09T08:53:20Z',
    sr: 'b',
    sp: 'r',
  })
})

test('a SAS grants reading of its own blob and nothing else', async () => {
  const [name, other] = [freshName(), freshName()]
  await blobs.put(name, bytes('mine'), 'text/csv')
  await blobs.put(other, bytes('yours'), 'text/csv')
  const url = await signedUrl(name, -60_000, 60_000)
  expect((await fetch(url)).status).toBe(200)
  expect((await fetch(url.replace(name, other))).status).toBe(403)
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(403)
  const headers = { 'x-ms-blob-type': 'BlockBlob' }
  expect((await fetch(url, { method: 'PUT', body: 'x', headers })).status).toBe(403)
  expect(await textOf(name)).toBe('mine')
})

test('a SAS signed for the past, or for later, grants nothing', async () => {
  const name = freshName()
  await blobs.put(name, bytes('mine'), 'text/csv')
  expect((await fetch(await signedUrl(name, -120_000, -60_000))).status).toBe(403)
  expect((await fetch(await signedUrl(name, 3_600_000, 7_200_000))).status).toBe(403)
})

test('without an account key nothing can be signed', async () => {
  const bySas = createAzureBlobs(
    'BlobEndpoint=https://acct.blob.core.windows.net/;SharedAccessSignature=sv=2024-01-01&sig=geheim',
    'models',
  )
  const signing = bySas.readOnlyReference('a.csv', 0, 1)
  await expect(signing).rejects.toThrow(TerminalError)
  await expect(signing).rejects.toThrow(
    /^Cannot sign blob a.csv: the connection string of container models has no account key$/,
  )
})

async function uploadUrl(name: string): Promise<string> {
  const nowMs = Date.now()
  const signed = await blobs.writeOnlyReference(name, nowMs - 60_000, nowMs + 60_000)
  return signed.baseLocation + signed.relativeLocation + signed.sasBlobToken
}

test('a write-only SAS uploads its own blob and can neither read, list nor delete, nor write another', async () => {
  const [name, other] = [freshName(), freshName()]
  await blobs.put(other, bytes('yours'), 'text/csv')
  const url = await uploadUrl(name)
  const put = { method: 'PUT', body: 'age\n39\n', headers: { 'x-ms-blob-type': 'BlockBlob' } }
  expect((await fetch(url, put)).status).toBe(201)
  expect(await textOf(name)).toBe('age\n39\n')
  expect((await fetch(url)).status).toBe(403)
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(403)
  expect((await fetch(url.replace(name, other), put)).status).toBe(403)
  const list = url.replace(`/${name}`, '').replace('?', '?restype=container&comp=list&')
  expect((await fetch(list)).status).toBe(403)
  expect(await textOf(other)).toBe('yours')
})

test('a write-only SAS takes a large file in blocks', async () => {
  const name = freshName()
  const client = new BlockBlobClient(await uploadUrl(name))
  const ids = ['AAAA', 'AAAB']
  for (const id of ids) await client.stageBlock(id, 'part\n', 5)
  await client.commitBlockList(ids)
  expect(await textOf(name)).toBe('part\npart\n')
})
