import { expect, test } from 'vitest'
import { decodeLog, encodeChange } from '../../../emulator/state/logLine.ts'

const first = { put: 'job', id: 'a', value: { text: 'ü\n' } }
const second = { remove: 'job', id: 'a' }
const lines = [first, second].map(encodeChange)
const log = (text: string) => decodeLog(Buffer.from(text))
const whole = Buffer.byteLength(lines.join(''))

const good: [when: string, text: string, changes: object[], goodBytes: number][] = [
  ['is empty', '', [], 0],
  ['is whole', lines.join(''), [first, second], whole],
  ['ends in a torn line', `${lines.join('')}1234`, [first, second], whole],
  ['ends in a line without its end', lines.join('').slice(0, -1), [first], whole - (lines[1]?.length ?? 0)],
  ['ends in two damaged lines', `${lines[0]}x\ny\n`, [first], Buffer.byteLength(lines[0] ?? '')],
]
test.each(good)('a log that %s gives its good lines', (_when, text, changes, goodBytes) => {
  expect(log(text)).toEqual({ changes, goodBytes })
})

test('a damaged line before good ones is an error: going on would lose records', () => {
  expect(() => log(`${lines[0]?.replace('job', 'jab')}${lines[1]}`)).toThrow('a line is damaged at byte 0')
})
