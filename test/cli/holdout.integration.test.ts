import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

let folder: string
const file = (name = 'heldout.csv') => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'retrain-holdout-'))
  writeFileSync(file(), 'age,damage\n39,yes\n40,no\n')
  writeFileSync(file('large.csv'), Buffer.alloc(8 * 1024 * 1024 + 1, 'a'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const kept = { outcome: 'created', blob: 'heldout-0123456789ab.csv', rows: 2, columns: ['age', 'damage'] }
const keep = async (answer: object, name = 'heldout.csv', ...more: string[]) => {
  const { url, asked } = await startApi(() => ({ status: 201, body: { ...kept, ...answer } }))
  const ended = await runLine(['holdout', 'contoso', 'census', file(name), ...more], {
    env: { RETRAIN_URL: url },
  })
  return { ...ended, asked }
}

test('a file goes to the app as it is, and what it replaced is said', async () => {
  const { asked, exitCode, stdout, stderr } = await keep({ use: 'switched', replaced: 'old.csv' })
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(asked).toMatchObject([
    {
      ...{ method: 'PUT', path: 'customers/contoso/models/census/holdout?file=heldout.csv' },
      ...{ headers: { 'content-type': 'text/csv' }, body: 'age,damage\n39,yes\n40,no\n' },
    },
  ])
  expect(stdout.split('\n')).toEqual([
    `kept ${file()} (2 rows, 2 columns) as holdouts/contoso/census/${kept.blob}`,
    'the gate of contoso/census compares on it from now on, no longer on old.csv',
    `a fleet file has to say so too, or applying it goes back: blob: ${kept.blob}`,
    '',
  ])
})

test('a model without a holdout: what to write into the fleet file is said', async () => {
  const { stdout } = await keep({ use: 'none' })
  expect(stdout).toMatch(
    /compares on no rows yet[\s\S]*blob: heldout-0123456789ab\.csv\n.*# one of age, damage\n/,
  )
})

test('--json answers what the app said', async () => {
  const { stdout } = await keep({ use: 'inUse', outcome: 'unchanged' }, 'heldout.csv', '--json')
  expect(JSON.parse(stdout)).toEqual({ ...kept, use: 'inUse', outcome: 'unchanged' })
})

test.each([
  ['large.csv', /larger than 8 MB/],
  ['none.csv', /there is no such file/],
])('%s is refused before anything is sent', async (name, words) => {
  const { asked, exitCode, stderr } = await keep({}, name)
  expect([exitCode, stderr, asked]).toEqual([2, expect.stringMatching(words), []])
})
