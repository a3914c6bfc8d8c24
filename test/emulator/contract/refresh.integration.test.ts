import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../setup/eventually.ts'
import { fruitCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, startJob } from '../jobCalls.ts'
import { call } from '../wire.ts'

let bed: TestBed
let contoso: Target
const said: string[] = []

beforeAll(async () => {
  bed = await startTestBed({ report: (line) => said.push(line) })
  const { management } = bed.target('Fruit [predictive exp.]')
  await call('PUT', management.replace('default', 'contoso'), bed.token, {})
  contoso = bed.target('Fruit [predictive exp.]', 'contoso')
})
afterAll(() => bed.remove())

const refresh = async (overwrite: unknown, target = contoso) => {
  const body = { OverwriteResources: overwrite }
  return (await call('POST', `${target.management}/refresh`, bed.token, body)).status
}
const score = async (target: Target) => {
  const { text, json } = await call(
    'POST',
    `${target.api}/execute?api-version=2.0&format=swagger`,
    target.key,
    { Inputs: { input1: [{ size: '15', colour: 'red' }] } },
  )
  return (json.Results ?? text).output1[0] as Record<string, string>
}

/** Installs a model at contoso that calls good what the deployed one calls bad. */
async function customise(): Promise<void> {
  const turned = fruitCsv(60).replaceAll(',yes', ',x').replaceAll(',no', ',yes').replaceAll(',x', ',no')
  const training = bed.target('Fruit')
  const job = await startJob(training, { Input: await putBlob(bed, 'turned.csv', turned) })
  const { output1 } = (await jobIn('Finished', job, training)).json.Results
  await call('PATCH', contoso.management, contoso.key, {
    Resources: [{ Name: 'Fruit [trained model]', Location: output1 }],
  })
}

/** Changes an experiment file in one step while the emulator runs, and waits until it is published. */
async function changeFile(key: string, changes: object): Promise<void> {
  const file = join(bed.folder, 'experiments', `${key}.json`)
  const before = said.length
  await writeFile(`${file}.new`, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...changes }))
  await rename(`${file}.new`, file)
  await eventually(() => expect(said.length).toBeGreaterThan(before))
}

describe('refresh', () => {
  test('answers 304 when nothing changed', async () => {
    expect(await refresh('False')).toBe(304)
    expect(await refresh(true)).toBe(304)
  })

  test('of the default endpoint is refused', async () => {
    expect(await refresh('False', bed.target('Fruit [predictive exp.]'))).toBe(400)
  })

  test('is not told from a body that is no truth value', async () => {
    expect(await refresh('perhaps')).toBe(400)
  })

  test.each(['True', 'true', true])(
    'with OverwriteResources %j brings the deployed model back',
    async (yes) => {
      await customise()
      expect((await score(contoso))['Scored Labels']).toBe('no')
      expect(await refresh('False')).toBe(304)
      expect((await score(contoso))['Scored Labels']).toBe('no')
      expect(await refresh(yes)).toBe(200)
      expect((await score(contoso))['Scored Labels']).toBe('yes')
      expect(await refresh(yes)).toBe(304)
    },
  )
})

describe('an experiment file that changes while the emulator runs', () => {
  test('updates the default endpoint only; refresh brings it to the others, without their models', async () => {
    await customise()
    await changeFile('fruit', {
      globalParameters: { 'Append score columns to output': { default: 'False' } },
    })
    expect(said.at(-1)).toMatch(/^Fruit \[predictive exp\.\] is updated at its default endpoint/)
    expect(Object.keys(await score(bed.target('Fruit [predictive exp.]')))).toEqual([
      'Scored Labels',
      'Scored Probabilities',
    ])
    expect(Object.keys(await score(contoso))).toHaveLength(4)
    expect(await refresh('False')).toBe(200)
    expect(Object.keys(await score(contoso))).toHaveLength(2)
    expect((await score(contoso))['Scored Labels']).toBe('no')
    expect(await refresh('False')).toBe(304)
  })

  test('and is wrong is said, with its path, and what is published stays', async () => {
    await changeFile('fruit', { outputPort: 7 })
    expect(said.at(-1)).toMatch(/^Cannot load experiments:\n.*fruit\.json: outputPort: /)
    expect((await score(contoso))['Scored Labels']).toBe('no')
    await changeFile('fruit', { outputPort: 'output1', description: 'right again' })
  })

  test('gives the web service its name and description', async () => {
    await changeFile('fruit', { name: 'Ripe Fruit [predictive exp.]', description: 'by size and colour' })
    const service = contoso.management.replace(/\/endpoints\/.*/, '')
    await eventually(async () => {
      const { json } = await call('GET', service, bed.token)
      expect([json.Name, json.Description]).toEqual(['Ripe Fruit [predictive exp.]', 'by size and colour'])
    })
  })

  test('and is gone is said once; its web service stays', async () => {
    const before = said.length
    await rm(join(bed.folder, 'experiments', 'fruit.json'))
    const news = () => said.slice(before)
    await eventually(() => expect(news()).toHaveLength(1))
    expect(news()[0]).toMatch(
      /^Ripe Fruit \[predictive exp\.\] stays as it is: its experiment file fruit is gone/,
    )
    expect((await score(contoso))['Scored Labels']).toBe('no')
  })
})
