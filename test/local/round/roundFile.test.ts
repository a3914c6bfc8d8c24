import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RoundFile, readRound, writeRound } from '../../../local/round/roundFile.ts'
import { temporaryFolder } from '../../setup/temporaryFolder.ts'

const fresh: RoundFile = { version: 1, isOver: false, customers: {} }
const underWay: RoundFile = {
  version: 1,
  isOver: false,
  customers: {
    american: {
      before: { generation: 1, quality: { rows: 2, positives: 1, auc: 0.5, accuracy: 0.5 } },
      drop: { name: 'next-20261121T104500.csv', atMs: 1 },
    },
  },
}
const folder = () => temporaryFolder('retrain-round')

test('a round that was under way is gone on with, one that is over is not', () => {
  const place = folder()
  expect(readRound(place)).toEqual(fresh)
  writeRound(place, underWay)
  expect(readRound(place)).toEqual(underWay)
  writeRound(place, { ...underWay, isOver: true })
  expect(readRound(place)).toEqual(fresh)
})

test('a damaged file begins a new round', () => {
  const place = folder()
  writeFileSync(join(place, 'round.json'), '{"version":1')
  expect(readRound(place)).toEqual(fresh)
})
