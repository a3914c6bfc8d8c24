import { expect, test } from 'vitest'
import { decodeBlobCreated, decodeUpdateMessage } from '../../../shared/adapters/messages.ts'
import { createModelArchive } from '../../../shared/adapters/modelArchive.ts'
import { TerminalError } from '../../../shared/retraining/errors.ts'
import { createMemoryBlobs } from '../../fakes/memoryBlobs.ts'
import { createVirtualClock } from '../../fakes/virtualClock.ts'
import { createWorld } from '../../fakes/world.ts'

const key = { customerId: 'contoso', model: 'census', generation: 3 }
const from = { baseLocation: 'https://b/', relativeLocation: 'c/m', sasBlobToken: '?s' }

function archiveOf(text: string, maxBytes = 100) {
  const models = createMemoryBlobs('models', createVirtualClock())
  async function* content() {
    yield new TextEncoder().encode(text)
  }
  return { models, archive: createModelArchive({ models, openOutput: async () => content(), maxBytes }) }
}

test('an archived file has its size and checksum, and archiving it again changes nothing', async () => {
  const { archive, models } = archiveOf('abc')
  const file = await archive.archiveOutput(key, '1/model.ilearner', from)
  expect(file).toEqual({
    name: 'contoso/census/0000000003/1/model.ilearner',
    sizeBytes: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  })
  const etag = (await models.facts(file.name))?.etag
  expect(await archive.archiveOutput(key, '1/model.ilearner', from)).toEqual(file)
  expect((await models.facts(file.name))?.etag).toBe(etag)
})

test('a model over the cap is refused and leaves no blob', async () => {
  const { archive, models } = archiveOf('x'.repeat(101))
  await expect(archive.archiveOutput(key, '1/model.ilearner', from)).rejects.toThrow(TerminalError)
  expect((await models.list('', { size: 10 })).blobs).toEqual([])
})

test('nothing of another customer is read, copied or signed', async () => {
  const { ports } = await createWorld()
  const foreign = 'fabrikam/census/x'
  const wrong = 'another customer or model'
  expect(() => ports.signModel(key, foreign, 0, 1)).toThrow(wrong)
  expect(() => ports.signInput(key, foreign, 0, 1)).toThrow(wrong)
  await expect(ports.readManifest(key, foreign)).rejects.toThrow(wrong)
  await expect(ports.readEvaluation(key, 'contoso/census2/x')).rejects.toThrow(wrong)
  const drop = { id: 'i', name: foreign, etag: '1', sizeBytes: 1, lastModifiedAtMs: 0, acceptedAtMs: 0 }
  await expect(ports.copyDrop(key, { ...drop, state: 'pending' })).rejects.toThrow(wrong)
})

test.each([
  [
    { eventType: 'Microsoft.Storage.BlobCreated', subject: path('training-data', 'a/b/c d.csv') },
    'a/b/c d.csv',
  ],
  [{ type: 'Microsoft.Storage.BlobCreated', subject: path('training-data', 'a/b/c.csv') }, 'a/b/c.csv'],
  [{ eventType: 'Microsoft.Storage.BlobCreated', subject: path('models', 'a/b/c.csv') }, undefined],
  [{ eventType: 'Microsoft.Storage.BlobDeleted', subject: path('training-data', 'a') }, undefined],
  ['text', undefined],
])('decodeBlobCreated: %j', (event, name) => {
  expect(decodeBlobCreated(event)).toBe(name)
})

function path(container: string, name: string): string {
  return `/blobServices/default/containers/${container}/blobs/${name}`
}

test('an update message of another version, or with a key that is none, is none of ours', () => {
  const message = { v: 1, kind: 'update', ...key }
  expect(decodeUpdateMessage(message)).toEqual(message)
  expect(decodeUpdateMessage({ ...message, v: 2 })).toBeUndefined()
  expect(decodeUpdateMessage({ ...message, customerId: '../x' })).toBeUndefined()
  expect(decodeUpdateMessage(7)).toBeUndefined()
})
