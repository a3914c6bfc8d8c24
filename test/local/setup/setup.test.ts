import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type EmulatorReady, findWebService } from '../../../local/setup/emulatorApi.ts'
import { readSample, sample, scoringRows } from '../../../local/setup/sample.ts'
import { writeSecrets } from '../../../local/setup/secrets.ts'
import { temporaryFolder } from '../../setup/temporaryFolder.ts'

const root = join(import.meta.dirname, '../../..')

test('the rows to score have the columns of the experiment, no label and no date', () => {
  const experiment = JSON.parse(
    readFileSync(join(root, 'emulator/experiments/birdstrikes-training.json'), 'utf8'),
  ) as { columns: { name: string }[] }
  for (const { customerId } of sample.customers) {
    const [first] = scoringRows(readSample(root, customerId, 'heldout'))
    expect(Object.keys(first?.row ?? {})).toEqual(experiment.columns.map((column) => column.name))
  }
})

test('the label of a row is told apart from what is scored', () => {
  const csv = {
    columns: ['flight_date', 'a', 'damage'],
    rows: [
      ['2000-01-01', 'x', 'yes'],
      ['2000-01-02', 'y', 'no'],
    ],
  }
  expect(scoringRows(csv)).toEqual([
    { row: { a: 'x' }, isPositive: true },
    { row: { a: 'y' }, isPositive: false },
  ])
})

test('secrets are for their owner only, and those of other hands stay', () => {
  const path = join(temporaryFolder('retrain-secrets'), 'secrets.json')
  writeSecrets(path, { mine: '1', other: '2' })
  writeSecrets(path, { mine: '3' })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ mine: '3', other: '2' })
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a web service that is missing is named with those there are', () => {
  const ready: EmulatorReady = {
    url: 'u',
    storage: 's',
    workspaces: [
      { id: 'w', token: 't', webServices: [{ id: '1', name: 'Census', kind: 'training', endpoints: [] }] },
    ],
  }
  expect(findWebService(ready, 'Census').service.id).toBe('1')
  expect(() => findWebService(ready, 'Birds')).toThrow(
    'Cannot find the web service Birds: the emulator has Census',
  )
})
