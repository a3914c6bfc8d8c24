import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toApiError } from '../../cli/apiErrors.ts'
import { writeOut } from '../../cli/writeOut.ts'
import { runLine } from './runLine.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'retrain-failures-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('what the sentence of a problem says already is not said twice', () => {
  const message = 'trainingService: has to be named'
  const detail = `Cannot onboard a/b: ${message}`
  const { message: said } = toApiError('http://app', 400, {
    detail,
    code: 'wrong-request',
    errors: [
      { path: 'body', message },
      { path: 'body.gate', message: 'unknown' },
    ],
  })
  expect(said).toBe(`${detail}: body.gate: unknown`)
})

test('a file without a passport is not good', async () => {
  const file = join(folder, 'none.json')
  writeFileSync(file, '[]')
  const { exitCode, stderr } = await runLine(['verify', file])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: `Cannot verify ${file}: it is no passport\n`,
  })
})

test('a file that cannot be written is said in our words', async () => {
  const file = join(folder, 'no', 'run.json')
  await expect(writeOut(file, '{}')).rejects.toThrow(`Cannot write ${file}: there is no such folder`)
  await expect(writeOut(folder, '{}')).rejects.toThrow(`Cannot write ${folder}: it is a folder`)
})

test('a group of commands without one of them says so', async () => {
  const { exitCode, stderr } = await runLine(['gate'])
  expect(exitCode).toBe(2)
  expect(stderr).toBe('Cannot read the arguments: it needs a command of its own (see it with --help)\n')
})

test('--version says the version of the project', async () => {
  expect(await runLine(['--version'])).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  })
})
