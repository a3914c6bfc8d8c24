import { expect, test } from 'vitest'
import { globTest } from '../../../shared/lib/glob.ts'

test.each([
  ['*', 'contoso', true],
  ['con*', 'contoso', true],
  ['con*', 'acon', false],
  ['c?ntoso', 'contoso', true],
  ['c?ntoso', 'cntoso', false],
  ['a.b', 'axb', false],
  ['contoso', 'contoso', true],
  ['contoso', 'contoso2', false],
])('globTest: %s and %s', (glob, name, is) => {
  expect(globTest(glob)(name)).toBe(is)
})
