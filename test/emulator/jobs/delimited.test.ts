import { expect, test } from 'vitest'
import { csvToTsv, readCells, tsvToCsv, writeCsv } from '../../../emulator/jobs/delimited.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

test('a TSV becomes a CSV, quoted where it must be', () => {
  expect(text(tsvToCsv(Buffer.from('\ufeffa\tb\nx,y\t"said ""hi"""\n')))).toBe(
    'a,b\r\n"x,y","said ""hi"""\r\n',
  )
})

test('a CSV becomes a TSV, tabs and line ends inside cells blanks', () => {
  expect(text(csvToTsv(Buffer.from('a,b\n"x\ty","1\n2"\n')))).toBe('a\tb\r\nx y\t1 2\r\n')
})

test('cells survive being written and read', () => {
  const rows = [
    ['a', 'b'],
    ['x,y', 'line\r\nend "quoted"'],
  ]
  expect(readCells(writeCsv(rows))).toEqual(rows)
})

test.each([
  ['is empty', '', 'Cannot read input: it is empty'],
  ['has a short row', 'a,b\n1\n', 'Cannot read input: line 2 has 1 values, the header has 2'],
])('a CSV that %s is refused', (_when, csv, message) => {
  expect(() => readCells(Buffer.from(csv))).toThrow(message)
})
