import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCommandLine, sortDataPaths } from '../../../emulator/cli/arguments.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arguments-'))
  await writeFile(join(folder, 'adult.csv'), 'x\n')
})
afterAll(() => rm(folder, { recursive: true }))

test('a CSV file, and a folder of them, is a place of data sets; another folder is the state', async () => {
  expect(await sortDataPaths(['state', folder, 'other.csv'])).toEqual({
    dataFolder: 'state',
    dataPlaces: [folder, 'other.csv'],
  })
  expect((await sortDataPaths([folder])).dataFolder).toBe('.local/emulator')
  await expect(sortDataPaths(['one', 'two'])).rejects.toThrow(/Cannot use --data two/)
})

test('numbers are numbers', async () => {
  const { options, portIsGiven } = await readCommandLine(['--port', '0', '--patch-delay', '1.5', '--admin'])
  expect([options.port, options.patchDelaySeconds, options.admin, portIsGiven]).toEqual([0, 1.5, true, true])
  await expect(readCommandLine(['--port', 'x'])).rejects.toThrow(
    'Cannot use --port x: a number from 0 is needed',
  )
})

test('the largest input is given in MiB', async () => {
  expect((await readCommandLine(['--max-input-mb', '2'])).options.maxInputBytes).toBe(2_097_152)
  expect((await readCommandLine([])).options.maxInputBytes).toBeUndefined()
})

test('an unknown option is refused in one line', async () => {
  await expect(readCommandLine(['--fly'])).rejects.toThrow(
    "Cannot start emulator: Unknown option '--fly' (see npm run emulator -- --help)",
  )
})

test('a seed that is wrong is refused with all that is wrong', async () => {
  const file = join(folder, 'seed.json')
  await writeFile(file, JSON.stringify({ workspaces: [{ id: 'a b', webServices: [] }] }))
  await expect(readCommandLine(['--seed', file])).rejects.toThrow(
    /Cannot read seed[\s\S]*workspaces\[0\]\.id[\s\S]*token/,
  )
})
