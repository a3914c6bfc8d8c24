import { randomUUID } from 'node:crypto'
import { ContainerClient } from '@azure/storage-blob'
import { beforeAll, expect, inject, test } from 'vitest'
import { createAzureBlobs } from '../../../../shared/adapters/storage/azureBlob.ts'
import type { BlobStore } from '../../../../shared/lib/blobStore.ts'
import { TerminalError } from '../../../../shared/retraining/errors.ts'

let blobs: BlobStore
let raw: ContainerClient
const bytes = (text: string) => new TextEncoder().encode(text)
const freshName = () => `acme/churn/${randomUUID()}.csv`

beforeAll(async () => {
  const container = `c-${randomUUID()}`
  blobs = createAzureBlobs(inject('storage'), container)
  raw = new ContainerClient(inject('storage'), container)
  await blobs.create()
})

async function* chunks(count: number, size: number, failsAt = Number.POSITIVE_INFINITY) {
  for (let index = 0; index < count; index += 1) {
    if (index === failsAt) throw new Error('the source broke off')
    yield new Uint8Array(size).fill(index)
  }
}

async function textOf(name: string): Promise<string> {
  return new TextDecoder().decode(await blobs.read(name, 1_000_000))
}

test('the container can be created again and says its name', async () => {
  await blobs.create()
  expect(blobs.container).toBe(raw.containerName)
})

test('put, facts, stream and list agree on the ETag, without quotes', async () => {
  const name = freshName()
  const put = await blobs.put(name, bytes('a,b\n1,2\n'), 'text/csv')
  const facts = await blobs.facts(name)
  const streamed = await blobs.stream(name)
  const listed = (await blobs.list(name, { size: 1 })).blobs[0]
  expect(put.etag).toMatch(/^0x[0-9A-F]+$/)
  expect(facts).toEqual(put)
  expect(listed).toEqual(put)
  expect(streamed).toMatchObject({ kind: 'found', facts: put })
  expect(put).toMatchObject({ name, sizeBytes: 8, md5: '5evUwCzvvnlVl3xnraJCtw==' })
})

test('a missing blob is undefined or missing everywhere', async () => {
  expect(await blobs.facts('none')).toBeUndefined()
  expect(await blobs.read('none', 10)).toBeUndefined()
  expect(await blobs.stream('none')).toEqual({ kind: 'missing' })
  expect(await blobs.stream('none', '0x1')).toEqual({ kind: 'missing' })
  await blobs.remove('none')
})

test('stream with an ETag reads that version and no other', async () => {
  const name = freshName()
  const first = await blobs.put(name, bytes('old'), 'text/csv')
  const found = await blobs.stream(name, first.etag)
  expect(found.kind).toBe('found')
  await blobs.put(name, bytes('new'), 'text/csv')
  expect(await blobs.stream(name, first.etag)).toEqual({ kind: 'changed' })
})

test('read refuses what is larger than the limit', async () => {
  const name = freshName()
  await blobs.put(name, bytes('12345'), 'text/csv')
  await expect(blobs.read(name, 4)).rejects.toThrow(TerminalError)
  expect(await textOf(name)).toBe('12345')
})

test('createOnly writes once; the second time the first content stays', async () => {
  const name = freshName()
  expect(await blobs.createOnly(name, bytes('first'), 'text/csv', { Generation: '7' })).toBe('created')
  expect(await blobs.createOnly(name, bytes('second'), 'text/csv')).toBe('exists')
  expect(await textOf(name)).toBe('first')
  expect((await blobs.facts(name))?.metadata).toEqual({ generation: '7' })
  expect((await blobs.list(name, { size: 1 })).blobs[0]?.metadata).toEqual({ generation: '7' })
})

test('createOnly streams in blocks; a second stream is not read to its end', async () => {
  const name = freshName()
  const size = 3 * 1024 * 1024
  expect(await blobs.createOnly(name, chunks(4, size), 'application/octet-stream')).toBe('created')
  const facts = await blobs.facts(name)
  expect(facts).toMatchObject({ sizeBytes: 4 * size, md5: expect.stringMatching(/^[\w+/]{22}==$/) })
  let taken = 0
  const counted = (async function* () {
    for await (const chunk of chunks(40, size)) {
      taken += 1
      yield chunk
    }
  })()
  expect(await blobs.createOnly(name, counted, 'application/octet-stream')).toBe('exists')
  expect(taken).toBeLessThan(4)
  expect(await blobs.facts(name)).toEqual(facts)
})

test('of two streams at once one creates the blob, and it is whole', async () => {
  const name = freshName()
  const write = (letter: string) =>
    blobs.createOnly(name, repeated(bytes(letter.repeat(1024 * 1024)), 9), 'text/csv')
  const outcomes = await Promise.all([write('a'), write('b')])
  expect(outcomes.toSorted()).toEqual(['created', 'exists'])
  const content = await blobs.read(name, 10 * 1024 * 1024)
  expect(content).toHaveLength(9 * 1024 * 1024)
  expect(new Set(content).size).toBe(1)
})

async function* repeated(chunk: Uint8Array, times: number) {
  for (let index = 0; index < times; index += 1) yield chunk
}

test('a stream that fails midway commits nothing', async () => {
  const name = freshName()
  const broken = chunks(9, 2 * 1024 * 1024, 5)
  await expect(blobs.createOnly(name, broken, 'text/csv')).rejects.toThrow('the source broke off')
  expect(await blobs.facts(name)).toBeUndefined()
  expect((await blobs.list(name, { size: 10 })).blobs).toEqual([])
  expect(await blobs.createOnly(name, bytes('whole'), 'text/csv')).toBe('created')
})

test('an empty blob is written and read', async () => {
  const name = freshName()
  expect(await blobs.createOnly(name, bytes(''), 'text/csv')).toBe('created')
  expect(await textOf(name)).toBe('')
  expect((await blobs.facts(name))?.sizeBytes).toBe(0)
})

test('a stream is copied from one blob to another', async () => {
  const [from, to] = [freshName(), freshName()]
  await blobs.put(from, chunks(5, 1024 * 1024), 'text/csv')
  const source = await blobs.stream(from)
  if (source.kind !== 'found') throw new Error('Cannot read the source: it is missing')
  expect(await blobs.createOnly(to, source.content, 'text/csv')).toBe('created')
  expect((await blobs.facts(to))?.md5).toBe((await blobs.facts(from))?.md5)
})

test('list goes by pages in name order', async () => {
  const folder = `pages/${randomUUID()}/`
  for (const name of ['c', 'a', 'b']) await blobs.put(`${folder}${name}`, bytes(name), 'text/csv')
  const first = await blobs.list(folder, { size: 2 })
  const second = await blobs.list(folder, { size: 2, next: first.next ?? '' })
  expect([...first.blobs, ...second.blobs].map(({ name }) => name.slice(folder.length))).toEqual([
    'a',
    'b',
    'c',
  ])
  expect(second.next).toBeUndefined()
})

test('list begins at a name, whether or not there is such a blob', async () => {
  const folder = `days/${randomUUID()}/`
  for (const name of ['2026-01-01/a', '2026-01-02/b', '2026-01-02/c', '2026-01-03/d'])
    await blobs.put(`${folder}${name}`, bytes(name), 'text/csv')
  const from = `${folder}2026-01-02`
  const first = await blobs.list(folder, { size: 3, from })
  const second = await blobs.list(folder, { size: 3, next: first.next ?? '' })
  const names = [...first.blobs, ...second.blobs].map(({ name }) => name.slice(folder.length))
  expect(names).toEqual(['2026-01-02/b', '2026-01-02/c', '2026-01-03/d'])
  const exact = await blobs.list(folder, { size: 1000, from: `${folder}2026-01-02/c` })
  expect(exact.blobs.map(({ name }) => name.slice(folder.length))).toEqual(['2026-01-02/c', '2026-01-03/d'])
})

test('a reader may stop early, and the rest is not downloaded', async () => {
  const name = freshName()
  await blobs.put(name, chunks(8, 1024 * 1024), 'text/csv')
  const found = await blobs.stream(name)
  if (found.kind !== 'found') throw new Error('Cannot read the blob: it is missing')
  for await (const chunk of found.content) {
    expect(chunk.byteLength).toBeGreaterThan(0)
    break
  }
})

test('a missing container is not a missing blob', async () => {
  const missing = createAzureBlobs(inject('storage'), `m-${randomUUID()}`)
  await expect(missing.read('a', 1)).rejects.toThrow(/^Cannot read blob a of container m-.*ContainerNotFound/)
  await expect(missing.facts('a')).rejects.toThrow(/ContainerNotFound/)
})

test('a version is removed by its ETag, and a newer one stays', async () => {
  const name = `etag/${randomUUID()}.csv`
  const first = await blobs.put(name, bytes('first'), 'text/csv')
  const second = await blobs.put(name, bytes('second'), 'text/csv')
  await blobs.remove(name, first.etag)
  expect((await blobs.facts(name))?.etag).toBe(second.etag)
  await blobs.remove(name, second.etag)
  await blobs.remove(name, second.etag)
  expect(await blobs.facts(name)).toBeUndefined()
})
