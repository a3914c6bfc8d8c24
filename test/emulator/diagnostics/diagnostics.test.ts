import { expect, test } from 'vitest'
import { createDiagnostics, mostLines } from '../../../emulator/diagnostics/diagnostics.ts'
import { blobOf, isLogged, lineOf } from '../../../emulator/diagnostics/entry.ts'
import type { Endpoint, TraceLevel } from '../../../emulator/state/records.ts'

const endpoint = (diagnosticsTraceLevel: TraceLevel) =>
  ({ id: 'e', workspaceId: 'w', serviceId: 's', diagnosticsTraceLevel }) as Endpoint
const atMs = Date.parse('2016-05-06T07:19:52.001Z')

const levels: [level: TraceLevel, good: boolean, bad: boolean][] = [
  ['None', false, false],
  ['Error', false, true],
  ['All', true, true],
]
test.each(levels)('isLogged at level %s: what went well %s, what failed %s', (level, good, bad) => {
  expect(isLogged(level, { operation: 'execute', status: 200 })).toBe(good)
  expect(isLogged(level, { operation: 'execute', status: 400, error: 'no' })).toBe(bad)
})

test('a blob has the prefix that the documents name, and one hour', () => {
  expect(blobOf(endpoint('All'), 'score/requests', atMs)).toBe('w-s-e/score/requests/2016-05-06T07.log')
})

test('a line is JSON, and no signature of a token is in it', () => {
  const line = lineOf(
    { operation: 'jobEnd', status: 'Failed', error: 'http://x/c/b?se=1&sig=abc%3D" no' },
    atMs,
  )
  expect(JSON.parse(line)).toEqual({
    ...{ time: '2016-05-06T07:19:52.001Z', level: 'Error', operation: 'jobEnd', status: 'Failed' },
    error: 'http://x/c/b?se=1&sig=" no',
  })
})

test('lines are written together and in order; too many are dropped and said; a write that fails is said', async () => {
  const written: [string, string[]][] = []
  const said: string[] = []
  let failure: string | undefined
  const diagnostics = createDiagnostics({
    async append(blob, text) {
      if (failure !== undefined) throw new Error(failure)
      written.push([blob, text.trim().split('\n')])
    },
    nowMs: () => atMs,
    report: (line) => said.push(line),
  })
  for (let at = 0; at < mostLines + 5; at++) {
    diagnostics.log(endpoint('All'), 'score/requests', { operation: `${at}`, status: 200 })
  }
  await diagnostics.flush()
  expect(written).toHaveLength(1)
  const lines = written[0]?.[1] ?? []
  expect([lines.length, JSON.parse(lines[7] ?? '').operation]).toEqual([mostLines, '7'])
  expect(said).toEqual(['Cannot write request logs fast enough: 5 lines are left out'])
  failure = 'out of space'
  diagnostics.log(endpoint('Error'), 'batch', { operation: 'submitJob', status: 400, error: 'no' })
  await diagnostics.close()
  expect(said.at(-1)).toBe('Cannot write request log w-s-e/batch/2016-05-06T07.log: out of space')
})
