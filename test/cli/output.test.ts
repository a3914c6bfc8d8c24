import { expect, test } from 'vitest'
import { createOutput } from '../../cli/output/output.ts'
import { type Column, renderTable } from '../../cli/output/table.ts'
import { columnsOf, cut, harmless, type Part } from '../../cli/output/text.ts'

/** An output and what was written to its streams; a terminal where `columns` is given. */
function written(options: { json?: boolean; noColour?: boolean; columns?: number } = {}) {
  const text = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof text) => ({
    isTTY: options.columns !== undefined,
    columns: options.columns,
    write: (more: string) => {
      text[name] += more
    },
  })
  const { json = false, noColour = false } = options
  return { text, out: createOutput({ stdout: stream('stdout'), stderr: stream('stderr'), json, noColour }) }
}

const foreign: [what: string, text: string, shown: string][] = [
  ['an escape sequence', '\u001b[2Ja', '?[2Ja'],
  ['a line break and a bell', 'a\nb\u0007', 'a?b?'],
  ['a C1 control', '\u009b31m', '?31m'],
  ['letters that turn the direction', 'a\u202ecsv.exe', 'a?csv.exe'],
  ['a line separator', 'a\u2028b', 'a?b'],
  ['other letters as they are', 'Größe 東京 🙂', 'Größe 東京 🙂'],
]
test.each(foreign)('harmless: %s', (_what, text, shown) => {
  expect(harmless(text)).toBe(shown)
})

const lengths: [text: string, columns: number][] = [
  ['abc', 3],
  ['東京', 4],
  ['e\u0301', 1],
  ['🙂', 2],
]
test.each(lengths)('columnsOf %s', (text, columns) => {
  expect(columnsOf(text)).toBe(columns)
})

test('what is too wide is cut, with an ellipsis in its last column', () => {
  expect([cut('abcdef', 6), cut('abcdef', 4), cut('東京都', 4)]).toEqual(['abcdef', 'abc…', '東…'])
})

const columns: Column[] = ['customer', { head: 'gen', align: 'right' }, 'reason']
const rows: Part[][] = [
  ['southwest', 12, 'a long reason, which is cut on a narrow terminal'],
  ['us', 3, { text: 'x', colour: 'bad' }],
]

test('a table keeps whole what is piped', () => {
  expect(renderTable(columns, rows, { isColoured: false })).toEqual([
    'customer   gen  reason',
    'southwest   12  a long reason, which is cut on a narrow terminal',
    'us           3  x',
  ])
})

test('a table is cut at its widest columns until it fits a terminal', () => {
  const lines = renderTable(columns, rows, { width: 36, isColoured: false })
  expect(lines[1]).toBe('southwest   12  a long reason, whic…')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(36)
})

test('colours come on a terminal only, and not with NO_COLOR', () => {
  const part = { text: 'failed', colour: 'bad' } as const
  const shown = [{ columns: 80 }, { columns: 80, noColour: true }, {}].map((options) => {
    const { out, text } = written(options)
    out.line('x ', part)
    return text.stdout
  })
  expect(shown).toEqual(['x \u001b[31mfailed\u001b[0m\n', 'x failed\n', 'x failed\n'])
})

test('with --json stdout has the JSON only; lines for people go to stderr', () => {
  const { out, text } = written({ json: true })
  out.line('uploading')
  out.json({ a: 1 })
  expect(text).toEqual({ stdout: '{"a":1}\n', stderr: 'uploading\n' })
})

test('what is written answers nothing: a command that returns it ends with 0', () => {
  const stream = { write: () => true }
  const out = createOutput({ stdout: stream, stderr: stream, json: true, noColour: true })
  expect([out.json({}), out.line('a'), out.note('b')]).toEqual([undefined, undefined, undefined])
})
