import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readLastPorts, writeLastPorts } from '../../../local/parts/lastPorts.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'last-ports-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ports = { functions: 1001, emulator: 1002, blob: 1003, queue: 1004, table: 1005 }

test('the ports of the last start are found again', () => {
  expect(readLastPorts(folder)).toEqual({})
  writeLastPorts(folder, ports)
  expect(readLastPorts(folder)).toEqual(ports)
})

test.each([
  ['not json', {}],
  ['null', {}],
  ['{"emulator":"x","blob":1003,"other":1}', { blob: 1003 }],
])('of a damaged file what is whole is taken: %s', (text, found) => {
  writeFileSync(join(folder, 'ports.json'), text)
  expect(readLastPorts(folder)).toEqual(found)
})
