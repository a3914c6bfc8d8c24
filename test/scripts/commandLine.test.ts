import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exitCodeOf, numberOf, readArguments, wrongArguments } from '../../scripts/commandLine.ts'

const options = {
  seeds: { type: 'string', default: '7' },
  json: { type: 'boolean', default: false },
} as const
const root = join(import.meta.dirname, '../..')

test.each([
  ['simulate', ['--fly'], "Unknown option '--fly' (see npm run simulate -- --help)"],
  ['simulate', ['--seeds'], "Option '--seeds <value>' argument missing (see npm run simulate -- --help)"],
  [
    'simulate',
    ['--seeds', '--json'],
    "Option '--seeds' argument is ambiguous (see npm run simulate -- --help)",
  ],
  ['bench rrs', ['more'], "Unexpected argument 'more' (see npm run bench -- rrs --help)"],
])('the arguments of %s %j are refused in one line', (command, args, reason) => {
  const read = () => readArguments(command, { args, options })
  expect(read).toThrow(new RegExp(`^Cannot run ${command}: [^\\n]*$`))
  expect(read).toThrow(reason)
})

test('arguments that are right are read, with what is usual for the others', () => {
  const { values } = readArguments('simulate', { args: ['--json'], options })
  expect(values).toEqual({ seeds: '7', json: true })
})

test.each([
  ['x', undefined],
  ['', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['Infinity', undefined],
  ['0.5', 0.5],
])('the number "%s" of an option is %s', (text, number) => {
  if (number !== undefined) return expect(numberOf('n', text)).toBe(number)
  expect(() => numberOf('n', text)).toThrow(`Cannot use --n ${text}: a number above 0 is needed`)
})

test('zero is a number from 0', () => expect(numberOf('n', '0', 'from 0')).toBe(0))

test('wrong arguments end with 2, everything else with 1', () => {
  expect([exitCodeOf(wrongArguments('x', 'y')), exitCodeOf(new Error('y')), exitCodeOf('y')]).toEqual([
    2, 1, 1,
  ])
})

test('every command for people reads its arguments that way', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const own = ['local/start.ts', 'gateway/main.ts', 'emulator/main.ts']
  const files = Object.values(scripts).flatMap(
    (line) => /^node bin\/run\.js (\S+\.ts)$/.exec(line)?.[1] ?? [],
  )
  const benches = execFileSync('git', ['ls-files', 'bench/*.ts'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n')
  const raw = [...files, ...benches.filter((file) => file.split('/').length === 2)].filter((file) =>
    /\bparseArgs\b/.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(files).toContain('samples/make.ts')
  expect(raw.filter((file) => !own.includes(file))).toEqual([])
})

test('what was written to a pipe has left before the process ends', () => {
  const file = join(root, 'scripts/commandLine.ts')
  const code = `import { endWith } from ${JSON.stringify(file)}
await endWith(() => { console.log('x'.repeat(3_000_000)); return 0 })`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', code], { maxBuffer: 10_000_000 })
  expect(out).toHaveLength(3_000_001)
})
