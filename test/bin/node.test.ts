import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { expect, test } from 'vitest'
import { findNode, isNewEnough } from '../../bin/node.js'
import { temporaryFolder } from '../setup/temporaryFolder.ts'

const bin = join(import.meta.dirname, '../../bin')

const versions: [version: string, newEnough: boolean][] = [
  ['18.20.0', false],
  ['20.20.2', false],
  ['22.18.0', false],
  ['22.19.0', true],
  ['23.0.0', true],
  ['24.21.0', true],
]
test.each(versions)('isNewEnough: %s', (version, newEnough) => {
  expect(isNewEnough(version)).toBe(newEnough)
})

/** A project folder whose node_modules holds these files, and a process of that version. */
function project(files: string[]): string {
  const folder = temporaryFolder('retrain-bin')
  for (const file of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), '')
  }
  return folder
}
const own = (node: string) =>
  ({ platform: 'linux', versions: { node }, execPath: '/usr/bin/node' }) as unknown as NodeJS.Process

test("the Node in node_modules is taken, also where the system's is new enough", () => {
  const folder = project(['node_modules/node/bin/node'])
  expect(findNode(folder, own('20.0.0')).node).toBe(join(folder, 'node_modules/node/bin/node'))
  expect(findNode(folder, own('24.0.0')).node).toBe(join(folder, 'node_modules/node/bin/node'))
})

test("without it, the system's is taken if it is new enough", () => {
  expect(findNode(project(['node_modules/zod/package.json']), own('24.0.0')).node).toBe('/usr/bin/node')
})

test('without it on an older system, one line says which Node to install', () => {
  const { problem } = findNode(project(['node_modules/zod/package.json']), own('20.20.2'))
  expect(problem).toMatch(/^Cannot run on Node 20\.20\.2: install Node 22\.19 or newer[^\n]*$/)
})

test('without any packages, one line says to install them', () => {
  expect(findNode(project([]), own('24.0.0')).problem).toMatch(/run npm ci first$/)
})

test('run.js runs the file with its arguments, passes the exit code on and says where it comes from', () => {
  const folder = project(['node_modules/zod/package.json'])
  mkdirSync(join(folder, 'bin'))
  for (const file of readdirSync(bin)) copyFileSync(join(bin, file), join(folder, 'bin', file))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'hello.ts'),
    'const text: string = process.argv[2]; const { RETRAIN_LAUNCHER, NO_PROXY } = process.env; console.log(text, /^\\d+/.test(RETRAIN_LAUNCHER), NO_PROXY); process.exit(7)',
  )
  const ran = spawnSync(process.execPath, ['bin/run.js', 'hello.ts', 'there'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, no_proxy: '.corp.example' },
  })
  // Storage and emulator of this machine are never asked for through a proxy.
  expect([ran.stdout, ran.status]).toEqual(['there true .corp.example,127.0.0.1,localhost,::1\n', 7])
})

test('the entries have no syntax that Node 18 lacks', () => {
  for (const file of readdirSync(bin)) {
    const text = readFileSync(join(bin, file), 'utf8')
    const forTarget = (target: string) => transformSync(text, { target, format: 'esm' }).code
    expect(forTarget('node18')).toBe(forTarget('esnext'))
  }
})
