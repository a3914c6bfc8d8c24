import { expect, test } from 'vitest'
import { readArguments } from '../../gateway/cli/arguments.ts'

const bare = { host: '127.0.0.1', json: false, help: false }
const cases: [args: string[], expected: object][] = [
  [[], bare],
  [['--port', '0', '--json'], { ...bare, port: 0, json: true }],
  [
    ['--backend', 'http://b', '--storage', 'C', '--data', 'd', '--products', 'p.json'],
    { ...bare, backend: 'http://b', storage: 'C', data: 'd', products: 'p.json' },
  ],
]
test.each(cases)('%j', (args, expected) => {
  expect(readArguments(args)).toEqual(expected)
})

test.each([['--port', 'x'], ['--port', '70000'], ['--fly'], ['extra']])('refused: %s %s', (...args) => {
  expect(() => readArguments(args.filter((arg) => arg !== undefined))).toThrow(
    /^Cannot (use --port|start gateway: Unknown option|start gateway: Unexpected argument)[^\n]*$/,
  )
})
