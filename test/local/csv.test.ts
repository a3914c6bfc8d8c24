import { expect, test } from 'vitest'
import { readCsv, writeCsv } from '../../local/csv.ts'

const cases: [when: string, text: string, columns: string[], rows: string[][]][] = [
  ['plain cells', 'a,b\n1,2\n', ['a', 'b'], [['1', '2']]],
  ['no newline at the end', 'a,b\n1,2', ['a', 'b'], [['1', '2']]],
  ['a BOM and CRLF', '\uFEFFa,b\r\n1,2\r\n', ['a', 'b'], [['1', '2']]],
  [
    'quotes around commas, quotes and line breaks',
    'a,b\n"x, ""y""","1\n2"\n',
    ['a', 'b'],
    [['x, "y"', '1\n2']],
  ],
  ['empty cells, also the last one', 'a,b\n,\n', ['a', 'b'], [['', '']]],
  ['an empty last cell without a newline', 'a,b\n1,', ['a', 'b'], [['1', '']]],
  ['a header alone', 'a\n', ['a'], []],
]
test.each(cases)('readCsv: %s', (_when, text, columns, rows) => {
  expect(readCsv(text)).toEqual({ columns, rows })
})

const refused: [when: string, text: string, message: string][] = [
  ['empty', '', 'it is empty'],
  ['a row with too few cells', 'a,b\n1,2\n3\n', 'line 3 has 1 cells, the header 2'],
  ['the line counts breaks inside quotes', 'a,b\n"1\n1",2\n3\n', 'line 4 has 1 cells'],
  ['an open quote', 'a\n"1\n', 'line 2 has a quote in a wrong place'],
]
test.each(refused)('readCsv refuses: %s', (_when, text, message) => {
  expect(() => readCsv(text)).toThrow(message)
})

test('writeCsv quotes only where needed, and readCsv gives the same back', () => {
  const csv = {
    columns: ['a', 'b'],
    rows: [
      ['x, "y"', 'plain'],
      ['1\n2', ''],
    ],
  }
  expect(writeCsv(csv)).toBe('a,b\n"x, ""y""",plain\n"1\n2",\n')
  expect(readCsv(writeCsv(csv))).toEqual(csv)
})
