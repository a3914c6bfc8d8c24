import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fruitCsv } from '../fruit.ts'
import { startTestBed, type TestBed } from '../harness.ts'

const run = promisify(execFile)
const missing = await run('python3', ['--version']).then(
  () => undefined,
  () => 'no python3',
)
if (missing !== undefined && process.env.CI) throw new Error(`Cannot run the Python flow: ${missing}`)
if (missing !== undefined) console.log(`The Python flow is not run: ${missing}`)

let bed: TestBed
beforeAll(async () => {
  bed = await startTestBed({ patchDelaySeconds: 30 })
})
afterAll(() => bed.remove())

test.skipIf(missing !== undefined)(
  "an old Python client's whole flow: list, add, score, train, update, wait, score again, delete",
  async () => {
    const csv = join(bed.folder, 'turned.csv')
    const turned = fruitCsv(60).replaceAll(',yes', ',x').replaceAll(',no', ',yes').replaceAll(',x', ',no')
    await writeFile(csv, turned)
    const [workspace] = bed.emulator.describe().workspaces
    const script = join(import.meta.dirname, 'flow.py')
    const names = ['Fruit', 'Fruit [predictive exp.]']
    const given = [bed.emulator.url, workspace?.id ?? '', bed.token, ...names, csv, inject('storage')]
    // No proxy of this machine stands between.
    const { stdout } = await run('python3', [script, ...given], { env: { PATH: process.env.PATH } })
    expect(JSON.parse(stdout)).toEqual({
      before: 'yes',
      after: 'no',
      last: 'status:Finished',
      metrics: expect.stringMatching(/^AUC,/),
      gone: {
        status: 404,
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        body: { error: expect.objectContaining({ code: 'NotFound' }) },
      },
    })
  },
)
