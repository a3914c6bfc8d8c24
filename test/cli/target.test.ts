import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findTarget } from '../../cli/target.ts'
import { markOf } from '../../local/process/processTable.ts'
import { createStackFile, type StackFile } from '../../local/process/stackFile.ts'

function folderWith(file?: Partial<StackFile>): string {
  const folder = mkdtempSync(join(tmpdir(), 'retrain-target-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  if (file !== undefined) {
    createStackFile(folder, { version: 1, stack: markOf(process.pid), launchers: [], parts: [], ...file })
  }
  return folder
}
const urls = { functions: 'http://127.0.0.1:7071', emulator: 'e', storage: 's' }

test('the options go before the environment, and that before the local stack', () => {
  const folder = folderWith({ urls, connectionString: 'c', functionsKey: 'local' })
  const env = { RETRAIN_URL: 'https://app.example/api/', RETRAIN_KEY: 'k' }
  expect(findTarget({ url: 'https://other.example', env, folder })).toEqual({
    url: 'https://other.example',
    key: 'k',
  })
  expect(findTarget({ env, folder })).toEqual({ url: 'https://app.example', key: 'k' })
  expect(findTarget({ env: {}, folder })).toEqual({ url: 'http://127.0.0.1:7071', key: 'local' })
})

test('the key of the local stack goes to no other app', () => {
  const folder = folderWith({ urls, connectionString: 'c', functionsKey: 'local' })
  expect(findTarget({ url: 'https://other.example', env: {}, folder }).key).toBeUndefined()
})

const wrong: [what: string, hints: object, folder: () => string, line: RegExp, exitCode: number][] = [
  ['no stack runs', {}, () => folderWith(), /^Cannot find an app to talk to: no local stack runs/, 5],
  ['it is still starting', {}, () => folderWith({}), /still starting/, 5],
  ['a URL that is none', { url: 'app.example' }, () => '', /it has to begin with http/, 2],
  ['a key that can be none', { url: urls.functions, key: 'a\nb' }, () => '', /^Cannot use the key: [^ab]/, 2],
]
test.each(wrong)('refused: %s', (_what, hints, folder, line, exitCode) => {
  let thrown: unknown
  try {
    findTarget({ ...hints, env: {}, folder: folder() })
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ message: expect.stringMatching(line), exitCode })
})
