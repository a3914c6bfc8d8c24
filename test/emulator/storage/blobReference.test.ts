import { expect, test } from 'vitest'
import { decodeBlobReference, sasUrl, shownReference } from '../../../emulator/storage/blobReference.ts'

const account = {
  ConnectionString: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=k',
  BaseLocation: null,
}

test.each(['cont/in.csv', '/cont/in.csv'])('by account, with a leading slash or not: %s', (relative) => {
  expect(decodeBlobReference({ ...account, RelativeLocation: relative }, 'input1')).toEqual({
    kind: 'account',
    connectionString: account.ConnectionString,
    relativeLocation: 'cont/in.csv',
  })
})

test.each([
  ['http://h/a/', 'c/b.csv', '?sig=1'],
  ['http://h/a', '/c/b.csv', 'sig=1'],
])('by SAS the parts join with one slash and one question mark: %s %s %s', (base, relative, token) => {
  const wire = { BaseLocation: base, RelativeLocation: relative, SasBlobToken: token, ConnectionString: null }
  const reference = decodeBlobReference(wire, 'input1')
  if (reference.kind !== 'sas') throw new Error('not by SAS')
  expect(sasUrl(reference)).toBe('http://h/a/c/b.csv?sig=1')
  expect(shownReference(reference)).toBe('http://h/a/c/b.csv')
})
