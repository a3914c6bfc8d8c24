import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderReport, toJson } from './report.ts'
import { runFaults } from './runFaults.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faults-test-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('a minute of kills, cuts and lies: nothing lost, nothing twice, never backwards, nothing told', async () => {
  const said: string[] = []
  const print = (line: string) => void said.push(line)
  const size = { minutes: 1, customerCount: 20, dropsPerSecond: 2, seed: 5 }
  const result = await runFaults({ ...size, folder, print })
  const json = toJson(result)
  const nothing = { lostDrops: 0, startedTwice: 0, backwards: 0, secretsFound: 0, pending: 0 }
  expect(json, [...said, ...renderReport(result)].join('\n')).toMatchObject(nothing)
  expect(json.runs).toBeGreaterThan(10)
  expect(json.kills).toBeGreaterThan(3)
  expect(json.cuts).toBeGreaterThan(2)
})
