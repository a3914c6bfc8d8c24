import { describe, expect, test } from 'vitest'
import { codeString, csharp, literal, python, r, Variable } from '../../../emulator/pages/code/literal.ts'

const strings: [when: string, text: string, then: string][] = [
  ['quotes and backslashes', 'a"b\\c', '"a\\"b\\\\c"'],
  ['line ends and tabs', 'a\nb\r\tc', '"a\\nb\\r\\tc"'],
  ['letters outside of ASCII', 'Größe', '"Gr\\u00F6\\u00DFe"'],
  ['what C# takes for the end of a line', 'a\u2028b', '"a\\u2028b"'],
  ['characters beyond 16 bits', '😀', '"\\U0001F600"'],
]
test.each(strings)('codeString: %s', (_when, text, then) => {
  expect(codeString(text)).toBe(then)
})

const value = { Inputs: { input1: { ColumnNames: ['a'], Values: [['1']] } }, GlobalParameters: {} }

describe('literal', () => {
  test.each([
    [
      'Python',
      python,
      '{"Inputs": {"input1": {"ColumnNames": ["a"], "Values": [["1"]]}}, "GlobalParameters": {}}',
    ],
    [
      'R',
      r,
      'list(\n  "Inputs" = list("input1" = list("ColumnNames" = list("a"), "Values" = list(list("1")))),\n  "GlobalParameters" = setNames(list(), character(0))\n)',
    ],
  ])('writes %s', (_language, syntax, then) => {
    expect(literal(value, syntax)).toBe(then)
  })

  test('writes C#: an empty object too, which must not become an array in JSON', () => {
    expect(literal({ a: [1, new Variable('storage')], b: {} }, csharp)).toBe(
      'new Dictionary<string, object> {\n    ["a"] = new object[] { 1, storage },\n    ["b"] = new Dictionary<string, object>()\n}',
    )
  })

  test('breaks what is longer than a line, an item a line', () => {
    const long = ['x'.repeat(60), 'y'.repeat(60)]
    expect(literal(long, python)).toBe(`[\n    "${long[0]}",\n    "${long[1]}"\n]`)
  })
})
