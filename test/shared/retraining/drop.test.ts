import { expect, test } from 'vitest'
import { classifyDrop, type Drop, type LandedBlob } from '../../../shared/retraining/drop.ts'

const blob: LandedBlob = { name: 'n', etag: '2', sizeBytes: 5, md5: 'm', lastModifiedMs: 2_000 }
const before: Drop = {
  id: 'x',
  name: 'n',
  etag: '1',
  sizeBytes: 5,
  md5: 'm',
  lastModifiedAtMs: 1_000,
  acceptedAtMs: 1_000,
  state: 'taken',
  use: 'trained',
}
test.each<[string, Drop[], string]>([
  ['no version before', [], 'new'],
  ['the same version', [{ ...before, etag: '2' }], 'known'],
  ['the same content, trained on', [before], 'unchanged'],
  ['the same content, but it still waits', [{ ...before, state: 'pending', use: undefined }], 'new'],
  [
    'the same content, but it was overwritten before it was copied',
    [{ ...before, use: 'overwritten' }],
    'new',
  ],
  ['another size', [{ ...before, sizeBytes: 6 }], 'new'],
  ['no MD5 known', [{ ...before, md5: undefined }], 'new'],
  [
    'back to a content two versions ago',
    [before, { ...before, etag: '1b', md5: 'other', lastModifiedAtMs: 1_500 }],
    'new',
  ],
  ['the same as an unchanged one', [{ ...before, state: 'unchanged', use: undefined }], 'unchanged'],
])('classifyDrop: %s', (_when, versions, then) => {
  expect(classifyDrop(blob, versions)).toBe(then)
})
