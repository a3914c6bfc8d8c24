import { expect, test } from 'vitest'
import type { Holdout } from '../../../shared/retraining/holdout.ts'
import { surveyHoldout } from '../../../shared/retraining/surveyHoldout.ts'

type Record = readonly string[] | { unfit: string }
async function* given(records: readonly Record[]) {
  yield* records
}
const holdout = { label: 'damage', positive: 'yes', measure: 'AUC' } satisfies Partial<Holdout>

test('a file that fits is counted', async () => {
  const records = [
    ['damage', 'speed'],
    ['yes', '1'],
    ['no', '2'],
  ]
  expect(await surveyHoldout(given(records), holdout)).toEqual({
    ...{ kind: 'fits', rows: 2 },
    columns: ['damage', 'speed'],
  })
})

const rows = [
  ['yes', '1'],
  ['no', '2'],
]
test.each<[when: string, records: Record[], reason: string]>([
  ['no bytes', [], 'it is empty'],
  ['no CSV', [{ unfit: 'it is no text in UTF-8' }], 'it is no text in UTF-8'],
  [
    'semicolons',
    [['damage;speed']],
    'its first line has one column only (damage;speed); columns are set apart by commas',
  ],
  ['a nameless column', [['damage', ' ']], 'column 2 of its first line has no name'],
  ['a name twice', [['damage', 'damage']], 'two columns are called damage'],
  ['no label', [['speed', 'height'], ...rows], 'it has no column damage; it has speed, height'],
  ['a short row', [['damage', 'speed'], ...rows, ['yes']], 'row 3 has 1 columns, the header 2'],
  ['no rows', [['damage', 'speed']], 'it has no rows; a comparison takes 2 or more'],
  [
    'one row',
    [
      ['damage', 'speed'],
      ['yes', '1'],
    ],
    'it has one row; a comparison takes 2 or more',
  ],
  [
    'no positive',
    [
      ['damage', 'speed'],
      ['no', '1'],
      ['no', '2'],
    ],
    "no row's damage is yes",
  ],
  [
    'positives only',
    [
      ['damage', 'speed'],
      ['yes', '1'],
      ['yes', '2'],
    ],
    "every row's damage is yes; an AUC takes others too",
  ],
])('a file with %s is refused', async (_when, records, reason) => {
  expect(await surveyHoldout(given(records), holdout)).toEqual({ kind: 'unfit', reason })
})

test('without a holdout in the gate the label is not looked for', async () => {
  expect(await surveyHoldout(given([['speed', 'height'], ...rows]), undefined)).toMatchObject({
    kind: 'fits',
  })
})
