import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProgram, treeOf } from '../../cli/program.ts'
import { type Canned, closedUrl, startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

/** Commands that ask nothing of the app: they work on the gateway's storage, or on a file. */
const offline = [/^subscriptions /, /^usage$/, /^verify$/]

/** Says what it found, on stdout, also of an app that does not answer. */
const reports = /^doctor$/

/** Arguments of commands that need more than a name for each, by the command's words. */
const special: Record<string, string[]> = {
  'dead-letters redrive': ['--all'],
  'fleet rollback': ['--training-service', 'no-such-service'],
  backfill: ['--since', '2026-01-01'],
  apply: [join(import.meta.dirname, 'fleet.yaml')],
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'retrain-every-'))
  writeFileSync(join(folder, 'march.csv'), 'a,b\n1,2\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const program = createProgram(() => async () => {}, { writeOut: () => {} })
const leaves = treeOf(program).filter((command) => command !== program && hasAction(command))

const online = leaves.map(wordsOf).filter((words) => !offline.some((pattern) => pattern.test(words)))

/** A group of commands may itself do something, as `retrain runs`. */
function hasAction(command: Command): boolean {
  return command.commands.length === 0 || command.registeredArguments.length > 0
}

function wordsOf(command: Command): string {
  return command.parent === null || command.parent === program
    ? command.name()
    : `${wordsOf(command.parent)} ${command.name()}`
}

/** A line that this command accepts: an argument for each that is required, and a reason. */
function lineOf(words: string): string[] {
  const command = leaves.find((leaf) => wordsOf(leaf) === words)
  const args = special[words] ?? (command?.registeredArguments ?? []).filter(isRequired).map(sampleOf)
  const options = (command?.options ?? []).filter((option) => option.mandatory)
  return [
    ...words.split(' '),
    ...args,
    ...options.flatMap((option) => [option.long ?? '', '1']),
    '--reason=a test',
    '--yes',
  ]
}

type Argument = Command['registeredArguments'][number]
const isRequired = (argument: Argument) => argument.required

function sampleOf(argument: Argument): string {
  const name = argument.name()
  if (/file/.test(name)) return join(folder, 'march.csv')
  if (/generation|^n$|number/.test(name)) return '1'
  return argument.argChoices?.[0] ?? `no-such-${name.replaceAll(/[^a-z]/g, '')}`
}

const unknown: Canned = {
  status: 404,
  body: { status: 404, title: 'unknown', code: 'no-such-customer', detail: 'Cannot show it: there is none' },
}
const worlds: [world: string, exitCode: number, url: () => Promise<string>][] = [
  ['a wrong URL', 5, async () => (await startApi(() => ({ status: 404, body: '<html>' }))).url],
  ['a wrong key', 5, async () => (await startApi(() => ({ status: 401 }))).url],
  ['an unknown customer', 3, async () => (await startApi(() => unknown)).url],
  ['a stopped app', 5, closedUrl],
]

test.each(worlds.flatMap(([world, code, url]) => online.map((words) => [words, world, code, url] as const)))(
  '%s with %s: one line on stderr, and exit code %i',
  async (words, _world, exitCode, url) => {
    const env = { RETRAIN_URL: await url(), RETRAIN_KEY: 'k' }
    const ended = await runLine(lineOf(words), { env })
    if (reports.test(words)) {
      expect(ended).toMatchObject({
        exitCode: 1,
        stderr: '',
        stdout: expect.stringMatching(/broken .*Cannot/),
      })
      return
    }
    expect(ended.stderr).toMatch(/^Cannot [^\n]{3,300}\n$/)
    expect(ended.stderr).not.toMatch(/ at .*:\d+:\d+|undefined|\[object/)
    expect(ended).toMatchObject({ exitCode, stdout: '' })
  },
)

test.each(leaves.map(wordsOf))('%s has help with a description and examples', async (words) => {
  const { exitCode, stdout, stderr } = await runLine([...words.split(' '), '--help'])
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(stdout).toContain(`\n  retrain ${words}`)
  expect(leaves.find((leaf) => wordsOf(leaf) === words)?.description()).not.toBe('')
})

test.each(online)('%s, mistyped, is refused and suggests the right word', async (words) => {
  const parts = words.split(' ')
  const mistyped = [...parts.slice(0, -1), `${parts.at(-1)}x`]
  const { exitCode, stderr } = await runLine(mistyped)
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/^Cannot [^\n]+\n$/)
})
