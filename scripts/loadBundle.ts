import { spawnSync } from 'node:child_process'
import { build, bundleFile } from './build.ts'

const mostBytes = 3 * 1024 * 1024

/** Loads the bundle in a plain Node with a stand-in for what the Functions worker provides, and prints what registered. */
const loader = `
const { Module } = await import('node:module')
const names = []
const core = {
  version: '0.0.0', hostVersion: '0.0.0', Disposable: class { dispose() {} },
  registerFunction: (metadata) => { names.push(metadata.name); return { dispose() {} } },
  registerHook: () => ({ dispose() {} }), setProgrammingModel() {}, getProgrammingModel() {}, log() {},
}
const original = Module.prototype.require
Module.prototype.require = function (id) { return id === '@azure/functions-core' ? core : original.apply(this, arguments) }
await import(process.argv[1])
console.log(names.sort().join(' '))
if (names.length === 0) { console.error('Cannot load the bundle: it registered no function'); process.exit(1) }
process.exit(0)
`

/** Builds the bundle and loads it in plain Node, without any setting: registering must not need one. */
export async function loadBundle(): Promise<boolean> {
  const { sizeBytes } = await build()
  console.log(`dist/main.js: ${(sizeBytes / 1024 / 1024).toFixed(2)} MB (at most 3)`)
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', loader, bundleFile], {
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  })
  process.stdout.write(child.stdout)
  process.stderr.write(child.stderr)
  return child.status === 0 && sizeBytes <= mostBytes
}
