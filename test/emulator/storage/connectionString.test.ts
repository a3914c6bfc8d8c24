import { BlobServiceClient } from '@azure/storage-blob'
import { expect, test } from 'vitest'
import { completeConnectionString } from '../../../emulator/storage/connectionString.ts'

const own =
  'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=b3du;BlobEndpoint=http://127.0.0.1:9/devstoreaccount1;'

const cases: [what: string, given: string, blobsAt: string][] = [
  ['name and key only', 'AccountName=a;AccountKey=aw==', 'https://a.blob.core.windows.net/'],
  [
    "the guide's form",
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aw==',
    'https://a.blob.core.windows.net/',
  ],
  ['names in lower case', 'accountname=a;accountkey=aw==', 'https://a.blob.core.windows.net/'],
  [
    'a suffix of its own',
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aw==;EndpointSuffix=core.cloudapi.de',
    'https://a.blob.core.cloudapi.de/',
  ],
  [
    "the emulator's own account",
    'DefaultEndpointsProtocol=https;AccountName=devstoreaccount1;AccountKey=aw==',
    'http://127.0.0.1:9/devstoreaccount1',
  ],
  ['a blob endpoint', 'AccountName=a;AccountKey=aw==;BlobEndpoint=http://h:1/a', 'http://h:1/a'],
]

test.each(cases)('%s: blobs are found', (_what, given, blobsAt) => {
  expect(BlobServiceClient.fromConnectionString(completeConnectionString(given, own)).url).toBe(blobsAt)
})

test("the key of the emulator's account stays the client's", () => {
  expect(completeConnectionString('AccountName=devstoreaccount1;AccountKey=aw==', own)).toContain(
    'AccountKey=aw==;',
  )
})
