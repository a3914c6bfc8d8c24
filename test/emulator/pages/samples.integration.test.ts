import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fruitCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { putBlob } from '../jobCalls.ts'
import { call } from '../wire.ts'

const run = promisify(execFile)
let bed: TestBed
let folder: string

beforeAll(async () => {
  bed = await startTestBed()
  folder = await mkdtemp(join(tmpdir(), 'samples-'))
})
afterAll(async () => {
  await bed.remove()
  await rm(folder, { recursive: true, force: true })
})

/** The Python sample of a help page with its placeholders replaced, as its reader does. */
async function pythonSample(
  target: Target,
  page: string,
  more: Record<string, string> = {},
): Promise<string> {
  const { json } = await call('GET', target.management, bed.token)
  const { text } = await call('GET', `${json.HelpLocation}/${page}`)
  const [, code = ''] = /id="code-snippet-python">\n([\s\S]*?)<\/pre>/.exec(text) ?? []
  const replaced = Object.entries({ '<API KEY OF THE ENDPOINT>': target.key, ...more }).reduce(
    (found, [placeholder, value]) => found.replaceAll(placeholder, value),
    code.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  )
  expect(replaced).not.toMatch(/<[A-Z ]+>/)
  return replaced
}

/** In an environment of its own: no proxy of this machine stands between. */
const python = async (code: string) => {
  const env = { PATH: process.env.PATH }
  return (await run('python3', ['-c', code], { cwd: folder, env })).stdout
}

/** Why the samples can't be run here; on CI they have to be. */
const missing = await run('python3', ['--version']).then(
  () => undefined,
  () => 'no python3',
)
if (missing !== undefined && process.env.CI) throw new Error(`Cannot run samples: ${missing}`)
if (missing !== undefined) console.log(`The Python samples are not run: ${missing}`)

const trySample = test.skipIf(missing !== undefined)

trySample('the Python sample of Request/Response scores the sample row', async () => {
  const target = bed.target('Fruit [predictive exp.]')
  const answer = JSON.parse(await python(await pythonSample(target, 'score')))
  expect(answer.Results.output1.value.ColumnNames).toContain('Scored Probabilities')
  const hashing = await pythonSample(bed.target('SimpleFeatureHashingExperiment'), 'score')
  const hashed = JSON.parse(await python(hashing)).Results.output1.value
  expect(hashed.Values).toEqual([['1', '1', '2', '2', '0', '2', '0', '1']])
})

trySample('the Python samples train a model by batch execution and update an endpoint with it', async () => {
  await putBlob(bed, 'input1data.csv', fruitCsv(80))
  const places = {
    '<CONNECTION STRING OF THE STORAGE ACCOUNT>': inject('storage'),
    '<CONTAINER>': bed.container.containerName,
  }
  const training = bed.target('Fruit')
  const printed = await python(await pythonSample(training, 'jobs', places))
  expect(printed).toContain('The result output1 is in the file output1.ilearner')
  expect(await readdir(folder)).toEqual(['output1.ilearner', 'output2.csv'])
  expect(await readFile(join(folder, 'output2.csv'), 'utf8')).toContain('AUC')

  const [, jobId = ''] = /Job (\w+) is submitted/.exec(printed) ?? []
  const { json } = await call('GET', `${training.api}/jobs/${jobId}?api-version=2.0`, training.key)
  const { BaseLocation, RelativeLocation, SasBlobToken } = json.Results.output1
  await call(
    'PUT',
    bed.target('Fruit [predictive exp.]').management.replace('default', 'mine'),
    bed.token,
    {},
  )
  const update = await pythonSample(bed.target('Fruit [predictive exp.]', 'mine'), 'update', {
    '<BASE LOCATION OF THE RESULT>': BaseLocation,
    '<RELATIVE LOCATION OF THE RESULT>.ilearner': RelativeLocation,
    '<SAS BLOB TOKEN OF THE RESULT>': SasBlobToken,
  })
  expect(await python(update)).toBe('The endpoint is updated: status code 200\n')
})

trySample('a refused Python sample says why and ends with an error', async () => {
  const target = { ...bed.target('Fruit [predictive exp.]'), key: 'wrong' }
  await expect(python(await pythonSample(target, 'score'))).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('Invalid credentials provided.'),
  })
})
