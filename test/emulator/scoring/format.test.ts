import { expect, test } from 'vitest'
import { formatCell, formatDouble } from '../../../emulator/scoring/format.ts'

const numbers: [number, string][] = [
  [3, '3'],
  [-0.25, '-0.25'],
  [0.1 + 0.2, '0.3'],
  [0.12345678901234568, '0.123456789012346'],
  [0.0001, '0.0001'],
  [0.00001, '1E-05'],
  [1.5e-7, '1.5E-07'],
  [123456789012345, '123456789012345'],
  [1e15, '1E+15'],
  [-1e300, '-1E+300'],
  [Number.NaN, 'NaN'],
]
test.each(numbers)('%s is printed as .NET prints it: %s', (value, text) => {
  expect(formatDouble(value)).toBe(text)
})

test.each([
  [true, 'True'],
  [false, 'False'],
  ['as it is', 'as it is'],
  [null, null],
  [undefined, null],
])('the cell %s is printed as %s', (cell, text) => {
  expect(formatCell(cell)).toBe(text)
})
