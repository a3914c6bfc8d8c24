import { expect, test } from 'vitest'
import { readArguments } from '../../gateway/cli/arguments.ts'

const bare = { host: '127.0.0.1', json: false, help: false }
const cases: [args: string[], expected: object][] = [
  [[], bare],
  [['--port', '0', '--json'], { ...bare, port: 0, json: true }],
  [['--usage-days', '0'], { ...bare, usageDays: 0 }],
  [
    ['--backend', 'http://b', '--storage', 'C', '--data', 'd', '--products', 'p.json'],
    { ...bare, backend: 'http://b', storage: 'C', data: 'd', products: 'p.json' },
  ],
]
test.each(cases)('%j', (args, expected) => {
  expect(readArguments(args)).toEqual(expected)
})

test.each([['--port', 'x'], ['--port', '70000'], ['--usage-days', '36501'], ['--fly'], ['extra']])(
  'refused: %s %s',
  (...args) => {
    expect(() => readArguments(args.filter((arg) => arg !== undefined))).toThrow(
      /^Cannot (use --(port|usage-days)|start gateway: Unknown option|start gateway: Unexpected argument)[^\n]*$/,
    )
  },
)
