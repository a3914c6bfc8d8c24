import { expect, test } from 'vitest'
import { MemoryExhaustedError, readTable, TrainingDataError } from '../../../../emulator/engine/index.ts'
import type { Column } from '../../../../emulator/engine/table.ts'
import type { ColumnSpec } from '../../../../emulator/experiment.ts'
import { fc } from '../../../setup/properties.ts'
import { bytesOf } from '../sampleData.ts'

const columns: ColumnSpec[] = [
  { name: 'a', type: 'numeric' },
  { name: 'b', type: 'categorical' },
]
const read = (csv: string | Uint8Array) =>
  readTable(typeof csv === 'string' ? bytesOf(csv) : csv, { columns, label: { column: 'y' } })

const cellsOf = (column: Column | undefined): unknown[] => {
  if (column?.kind === 'numeric') return [...column.values]
  return column?.kind === 'categorical' ? Array.from(column.codes, (code) => column.levels[code]) : []
}

const refused: [when: string, csv: string | Uint8Array, message: string][] = [
  ['an empty file', '', 'it is empty'],
  ['a BOM alone', '\uFEFF', 'it is empty'],
  ['a header alone', 'a,b,y\n', 'it has a header and no rows'],
  ['a column lacks', 'a,y\n1,0\n', 'the header (line 1) lacks the column "b"'],
  ['the label lacks', 'a,b\n1,2\n', 'the header (line 1) lacks the label column "y"'],
  ['a name stands twice', 'a,b,a,y\n1,2,3,0\n', 'the header names the column "a" twice'],
  ['too few values', 'a,b,y\n1,2,0\n1,2\n3,4,1\n', 'line 3 has 2 values, the header has 3'],
  [
    'too few values at the end',
    'a,b,y\n1,2,0\n1',
    'line 3 has 1 value, the header has 3 (it is the last line: the file may be cut off)',
  ],
  ['too many values', 'a,b,y\n1,2,0,9\n', 'line 2 has 4 values, the header has 3'],
  ['text for a number', 'a,b,y\n1,2,0\nabc,2,1\n', 'column "a", line 3: "abc" is not a number'],
  ['a number too great', 'a,b,y\n1e39,2,0\n', 'column "a", line 2: "1e39" is not a number'],
  [
    'lines inside a quoted cell count',
    'a,b,y\n1,"p\r\nq",0\nzz,2,1\n',
    'column "a", line 4: "zz" is not a number',
  ],
  [
    'an open quote',
    'a,b,y\n1,"2,0\n1,2,1\n',
    'line 2: a quoted value begins and does not end: the file is cut off',
  ],
  ['text after a quote', 'a,b,y\n1,"2"x,0\n', 'line 2: a quoted value goes on after its closing quote'],
  ['an empty label', 'a,b,y\n1,2,0\n1,2,\n', 'label column "y", line 3: the label is empty'],
  ['a workbook', Uint8Array.of(0x50, 0x4b, 3, 4, 5), 'it is not CSV but a ZIP archive or an Excel workbook'],
  ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0), 'it is not CSV but UTF-16 text (save it as UTF-8)'],
  ['a NUL byte', Uint8Array.of(0x61, 0x0a, 0), 'it is not CSV text: line 2 has a NUL byte'],
  ['Latin-1', Uint8Array.of(0x61, 0x0a, 0xe9, 0x0a), 'it is not UTF-8 text: line 2 has other bytes'],
]
test.each(refused)('refuses and says why: %s', (_when, csv, message) => {
  const error = thrownBy(() => read(csv))
  expect(error).toBeInstanceOf(TrainingDataError)
  expect(error.message).toBe(`Cannot read training data: ${message}`)
})

const untrainable: [when: string, csv: string, message: string][] = [
  [
    'one class only',
    'a,b,y\n1,2,no\n1,2,no\n',
    'the label column "y" has one value only, "no" (from line 2 to the end); training needs two',
  ],
  [
    'three classes',
    'a,b,y\n1,2,0\n1,2,1\n1,2,2\n',
    'the label column "y" has more than two values: "0" (line 2), "1" (line 3), "2" (line 4)',
  ],
]
test.each(untrainable)('refuses a label that is not two-class: %s', (_when, csv, message) => {
  expect(thrownBy(() => read(csv)).message).toBe(`Cannot train: ${message}`)
})

test('a positive value that does not occur is refused', () => {
  const label = { column: 'y', positive: 'yes' }
  expect(() => readTable(bytesOf('a,b,y\n1,2,0\n1,2,1\n'), { columns, label })).toThrow(
    'the label column "y" has the values "0" and "1", and not the positive value "yes"',
  )
})

const labels: [values: string, positive: string | undefined, negative: string, chosen: string][] = [
  ['no yes', undefined, 'no', 'yes'],
  ['>50K <=50K', undefined, '<=50K', '>50K'],
  ['10 9', undefined, '9', '10'],
  ['no yes', 'no', 'yes', 'no'],
]
test.each(labels)(
  'of the labels %s (asked for %s) %s is negative, %s positive',
  (values, asked, negative, chosen) => {
    const label = { column: 'y', ...(asked === undefined ? {} : { positive: asked }) }
    const rows = values.split(' ').map((value) => `1,2,${value}`)
    const table = readTable(bytesOf(`a,b,y\n${rows.join('\n')}`), { columns, label })
    expect(table.label).toEqual({ column: 'y', negative, positive: chosen })
    expect([...table.target]).toEqual(values.split(' ').map((value) => Number(value === chosen)))
  },
)

test('reads BOM, CR LF, quotes, empty lines, missing cells, further columns, any order', () => {
  const table = read(
    '\uFEFFy,b,more,a\r\n0,"x\r\ny",,-1.5e3\r\n\r\n1,"z""q",m,.5\r\n1,, , +3 \r\n0,?,,NA\r\n0,?,,?',
  )
  expect(cellsOf(table.columns[0])).toEqual([-1500, 0.5, 3, Number.NaN, Number.NaN])
  expect(cellsOf(table.columns[1])).toEqual(['x\r\ny', 'z"q', '', '?', '?'])
  expect([...table.target]).toEqual([0, 1, 1, 0, 0])
})

test('more cells than allowed are refused before the memory is taken', () => {
  const csv = bytesOf(`a,b,y\n${'1,2,0\n'.repeat(100)}`)
  const error = thrownBy(() => readTable(csv, { columns, label: { column: 'y' } }, { maxCells: 30 }))
  expect(error).toBeInstanceOf(MemoryExhaustedError)
  expect(error.message).toContain('memory has been exhausted')
})

const cell = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed())
const number = fc.oneof(fc.integer(), fc.float({ noNaN: true, noDefaultInfinity: true }))

test('reads every written CSV back', () => {
  const rows = fc.array(fc.record({ a: number, b: cell }), { minLength: 1, maxLength: 20 })
  const lineEnds = fc.constantFrom('\n', '\r\n')
  fc.assert(
    fc.property(rows, lineEnds, fc.boolean(), (cells, lineEnd, quoteAll) => {
      const quoted = (text: string) =>
        quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
      const written = [...cells, ...cells].map(
        ({ a, b }, i) => `${a},${quoted(b)},${i < cells.length ? 0 : 1}`,
      )
      const table = read(['a,b,y', ...written].join(lineEnd))
      const twice = [...cells, ...cells]
      // Plus 0, since -0 is written "0".
      expect(cellsOf(table.columns[0])).toEqual(twice.map(({ a }) => Math.fround(a) + 0))
      expect(cellsOf(table.columns[1])).toEqual(twice.map(({ b }) => b))
    }),
  )
})

test('any bytes are read or refused with a reason', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const csv = Buffer.concat([bytesOf('a,b,y\n1,2,0\n3,4,1\n'), bytes])
      try {
        expect(read(csv).rows).toBeGreaterThanOrEqual(2)
      } catch (error) {
        expect(error).toBeInstanceOf(TrainingDataError)
      }
    }),
  )
})

function thrownBy(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
