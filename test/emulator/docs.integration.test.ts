import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { faultSchema } from '../../emulator/admin/fault.ts'
import { usage } from '../../emulator/cli/arguments.ts'
import { decodeSeed } from '../../emulator/definitions/seed.ts'
import { builtInExperiments } from '../../emulator/options.ts'
import { normalise, readSteps, withAnswers } from './consolePage.ts'
import { startTestBed, type TestBed } from './harness.ts'

const root = join(import.meta.dirname, '../..')
const file = join(root, 'docs/emulator.md')
const seedFile = join(root, 'emulator/seeds/example.json')
const run = promisify(execFile)

const missing = await run('bash', ['-c', 'curl --version']).then(
  () => undefined,
  () => 'no bash with curl',
)
if (missing !== undefined && process.env.CI)
  throw new Error(`Cannot run the commands of the page: ${missing}`)
if (missing !== undefined) console.log(`The commands of docs/emulator.md are not run: ${missing}`)

let bed: TestBed
let page: string
beforeAll(async () => {
  page = await readFile(file, 'utf8')
  const seed = decodeSeed(JSON.parse(await readFile(seedFile, 'utf8')), seedFile)
  bed = await startTestBed({ seed, experiments: [builtInExperiments], patchDelaySeconds: 30 })
})
afterAll(() => bed.remove())

/** Runs the commands in one shell, as a reader would; answers what each printed. */
async function runAll(commands: readonly string[]): Promise<string[]> {
  const script = commands.map((command) => `${command}\nprintf '\\1'\n`).join('')
  const env = { PATH: process.env.PATH, URL: bed.emulator.url, STORAGE: inject('storage') }
  const cwd = join(bed.folder, 'shell')
  await mkdir(cwd)
  await symlink(join(root, 'samples'), join(cwd, 'samples'))
  const { stdout } = await run('bash', ['-c', script], { env, cwd })
  return stdout.split('\u0001').slice(0, -1)
}

test.skipIf(missing !== undefined)(
  'every command of docs/emulator.md answers what the page says',
  async () => {
    const steps = readSteps(page)
    const answers = await runAll(steps.map((step) => step.command))
    // UPDATE_DOCS=1 writes the answers into the page.
    if (process.env.UPDATE_DOCS === '1') await writeFile(file, withAnswers(page, answers.map(shown)))
    else {
      expect(steps.map(({ command, answer }) => [command, normalise(answer)])).toEqual(
        steps.map(({ command }, at) => [command, normalise(answers[at] ?? '')]),
      )
    }
    expect(answers).toHaveLength(steps.length)
    await rm(join(bed.folder, 'shell'), { recursive: true })
  },
)

/** As it looks on a reader's machine: the usual ports and the usual container. */
function shown(answer: string): string {
  return answer
    .replaceAll(bed.emulator.url, 'http://127.0.0.1:8150')
    .replaceAll(/127\.0\.0\.1:\d+\/devstoreaccount1/g, '127.0.0.1:10000/devstoreaccount1')
    .replaceAll(bed.container.containerName, 'experimentoutput')
}

test('the page names every option, and has an example of every fault that is right', () => {
  for (const [option] of usage.matchAll(/--[a-z-]+/g)) expect(page).toContain(`\`${option}`)
  const faults = [...page.matchAll(/`(\{"kind":.*?\})`/g)].map(([, json = '']) =>
    faultSchema.parse(JSON.parse(json)),
  )
  const kinds = faultSchema.options.map((option) => option.shape.kind.value)
  expect(new Set(faults.map((fault) => fault.kind))).toEqual(new Set(kinds))
})
