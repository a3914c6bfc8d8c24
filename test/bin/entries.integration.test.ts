import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isNewEnough } from '../../bin/node.js'

const root = join(import.meta.dirname, '../..')
const packaged = join(root, 'node_modules/node/bin/node')
const missing = /^Cannot run on Node 20\.20\.2: install Node 22\.19 or newer[^\n]*\n$/

/** What a user calls, by script of package.json, with what makes it end at once. */
const entries: [script: string, args: string[], printed: RegExp][] = [
  ['start', ['--help'], /npm start -- \[options\]/],
  ['emulator', ['--help'], /npm run emulator -- \[options\]/],
  ['gateway', ['--help'], /npm run gateway -- \[options\]/],
  ['retrain', ['--help'], /drop <customer> <model> <file...>/],
]

/** A copy of the project whose node_modules lacks the package `node`, and a preload that makes a Node look like 20.20.2. */
let copy: string
let asNode20: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'retrain-entries-'))
  for (const folder of ['bin', 'cli', 'local', 'emulator', 'gateway', 'scripts', 'shared'])
    cpSync(join(root, folder), join(copy, folder), { recursive: true })
  copyFileSync(join(root, 'package.json'), join(copy, 'package.json'))
  const modules = join(root, 'node_modules')
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync(modules)) {
    if (name !== 'node' && name !== '.bin') symlinkSync(join(modules, name), join(copy, 'node_modules', name))
  }
  asNode20 = join(copy, 'asNode20.cjs')
  writeFileSync(
    asNode20,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })",
  )
})
afterAll(() => rmSync(copy, { recursive: true }))

/** The environment without what makes Node itself say something on stderr: both of the first two, warnings by the third. */
const { NO_COLOR: _noColour, FORCE_COLOR: _colour, NODE_OPTIONS: _options, ...env } = process.env

/** Runs the command of a script on this Node: `node bin/run.js local/start.ts` and the arguments. */
function runOn(node: readonly string[], cwd: string, [script, args]: readonly [string, string[], RegExp]) {
  const { scripts } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))
  const words: string[] = scripts[script].split(' ')
  expect(words[0]).toBe('node')
  const [file = '', ...flags] = node
  const { stdout, stderr, status } = spawnSync(file, [...flags, ...words.slice(1), ...args], {
    cwd,
    env,
    encoding: 'utf8',
  })
  return { stdout, stderr, status }
}

test.each(entries)('%s runs on a new Node of the system, without the package node', (...entry) => {
  expect(runOn([process.execPath], copy, entry)).toEqual({
    stdout: expect.stringMatching(entry[2]),
    stderr: '',
    status: 0,
  })
})

test.each(entries)('%s says in one line which Node to install when the system’s is too old', (...entry) => {
  expect(runOn([process.execPath, '--require', asNode20], copy, entry)).toEqual({
    stdout: '',
    stderr: expect.stringMatching(missing),
    status: 1,
  })
})

test.skipIf(!existsSync(packaged)).each(entries)(
  '%s runs on the package node where the system’s is too old',
  (...entry) => {
    const { stdout, status } = runOn([process.execPath, '--require', asNode20], root, entry)
    expect([status, stdout]).toEqual([0, expect.stringMatching(entry[2])])
  },
)

/** The Node that is not npm's doing: the first one of PATH outside of node_modules. */
const system = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .map((folder) => join(folder, 'node'))
  .find((file) => existsSync(file))
const version =
  system === undefined ? '' : execFileSync(system, ['-p', 'process.versions.node'], { encoding: 'utf8' })

test.skipIf(system === undefined).each(entries)(
  '%s on the Node that this system has: it runs, or says what to install',
  (...entry) => {
    const { stdout, stderr, status } = runOn([system ?? ''], copy, entry)
    if (isNewEnough(version.trim())) expect([status, stdout]).toEqual([0, expect.stringMatching(entry[2])])
    else expect([status, stderr]).toEqual([1, expect.stringMatching(/^Cannot run on Node [^\n]*\n$/)])
  },
)

const wrong: [script: string, args: string[], line: RegExp][] = [
  ['start', ['--nonsense'], /^Cannot start: Unknown option '--nonsense'[^\n]*\n$/],
  ['emulator', ['--nonsense'], /^Cannot start emulator: Unknown option '--nonsense'[^\n]*\n$/],
  ['gateway', ['--nonsense'], /^Cannot start gateway: Unknown option '--nonsense'[^\n]*\n$/],
  ['samples', ['--nonsense'], /^Cannot run samples: Unknown option '--nonsense'[^\n]*\n$/],
  ['bench', ['nonsense'], /^Cannot run the benchmark nonsense: there are burst, [^\n]*\n$/],
  ['emulator', ['--port'], /^Cannot start emulator: Option '--port <value>' argument missing[^\n]*\n$/],
  ['retrain', ['nonsense'], /^Cannot nonsense: [^\n]*\n$/],
  ['retrain', ['status', '--url', 'http://127.0.0.1:9'], /^Cannot reach the app at [^\n]*\n$/],
  ['retrain', ['drop', '--nonsense'], /^Cannot read the arguments: unknown option '--nonsense'[^\n]*\n$/],
]
test.each(wrong)('%s %j is refused in one line', (...entry) => {
  const { stdout, stderr, status } = runOn([process.execPath], root, entry)
  expect([stdout, stderr]).toEqual(['', expect.stringMatching(entry[2])])
  expect(status).toBe(/^Cannot reach/.test(stderr) ? 5 : 2)
})
