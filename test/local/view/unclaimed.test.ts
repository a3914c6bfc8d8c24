import { expect, test } from 'vitest'
import { unclaimedLine } from '../../../local/view/unclaimed.ts'

test('the name of an unclaimed drop has no control characters on the terminal', () => {
  const drop = { name: 'x/y/\u001b[31ma\n.csv', etag: 'e', sizeBytes: 1, reason: 'r', seenAtMs: 0 }
  expect(unclaimedLine(drop)).toBe('unclaimed: training-data/x/y/?[31ma?.csv: r')
})
