import { expect, test } from 'vitest'
import { parseDropPath } from '../../../shared/retraining/names.ts'

test.each([
  ['contoso/census/a.csv', 'fits'],
  ['contoso/census/2026/03/a b.CSV', 'fits'],
  ['contoso/a.csv', 'misfit'],
  ['Contoso/census/a.csv', 'misfit'],
  ['-contoso/census/a.csv', 'misfit'],
  ['contoso/cen_sus/a.csv', 'misfit'],
  ['contoso/census/a.txt', 'misfit'],
  ['contoso//a.csv', 'misfit'],
  ['contoso/census//a.csv', 'misfit'],
  ['contoso/census/2026/../../../fabrikam/census/a.csv', 'misfit'],
  ['contoso/census/./a.csv', 'misfit'],
  ['contoso/census/..csv', 'fits'],
  ['contoso/census/a\\..\\b.csv', 'misfit'],
  ['contoso/census/a\nb.csv', 'misfit'],
  ['contoso/census/ü #%?.csv', 'fits'],
  [`contoso/census/${'a'.repeat(1_005)}.csv`, 'fits'],
  [`contoso/census/${'a'.repeat(1_006)}.csv`, 'misfit'],
])('parseDropPath: %s %s', (name, kind) => {
  expect(parseDropPath(name).kind).toBe(kind)
})
