import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createAzureBlobs } from '../../shared/adapters/storage/azureBlob.ts'
import { type Canned, startApi } from './apiServer.ts'
import { runLine } from './runLine.ts'

let folder: string
const file = () => join(folder, 'march.csv')
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'retrain-drop-'))
  writeFileSync(file(), 'a,b\n1,2\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const blobs = createAzureBlobs(inject('storage'), 'cli-drop')
let number = 0

/** An app that offers uploads into real storage, and answers drops and runs as given, one answer after the other. */
async function appWith(answers: { drops: (name: string) => Canned; runs: Canned[] }) {
  await blobs.create()
  const name = `contoso/census/drop-${++number}.csv`
  const expiresAtMs = Date.now() + 900_000
  const { baseLocation, relativeLocation, sasBlobToken } = await blobs.writeOnlyReference(
    name,
    Date.now() - 60_000,
    expiresAtMs,
  )
  const offer = {
    ...{ name, url: baseLocation + relativeLocation + sasBlobToken },
    expiresAt: new Date(expiresAtMs).toISOString(),
  }
  const api = await startApi(({ method, path }) => {
    if (method === 'POST') return { status: 201, body: offer }
    if (path.includes('/drops?')) return answers.drops(name)
    return (answers.runs.length > 1 ? answers.runs.shift() : answers.runs[0]) ?? { status: 500 }
  })
  return { ...api, name, sasBlobToken }
}

const taken = (name: string) => ({ body: { items: [{ name, state: 'taken', generation: 4 }] } })
const run = (state: string, ...texts: string[]): Canned => ({
  body: {
    ...{ generation: 4, state, reason: state === 'live' ? undefined : `${state} it is` },
    timeline: texts.map((text, at) => ({ at: `2026-11-21T14:00:0${at}.000Z`, text })),
  },
})
const drop = (url: string, ...more: string[]) =>
  runLine(['drop', 'contoso', 'census', file(), ...more], { env: { RETRAIN_URL: url } })

test('a file lands in storage under the name that the app made for it', async () => {
  const { url, name, asked, sasBlobToken } = await appWith({ drops: taken, runs: [] })
  const ended = await drop(url)
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' })
  expect(ended.stdout).toBe(`dropped ${file()} (8 bytes) as training-data/${name}\n`)
  expect(ended.stdout).not.toContain(sasBlobToken)
  expect(new TextDecoder().decode(await blobs.read(name, 100))).toBe('a,b\n1,2\n')
  expect(asked[0]).toMatchObject({
    path: 'customers/contoso/models/census/drops',
    body: '{"file":"march.csv"}',
  })
})

test('--wait follows the run over a restart of the app, and tells each step once', async () => {
  const steps = [run('training', 'queued'), { status: 503 }, run('live', 'queued', 'live')]
  const { url } = await appWith({ drops: taken, runs: steps })
  const { stdout, exitCode } = await drop(url, '--wait')
  expect(exitCode).toBe(0)
  expect(stdout.split('\n').slice(1)).toEqual([
    'generation 4: queued',
    'generation 4: live',
    'contoso/census 4 is live',
    '',
  ])
})

const ends: [state: string, exitCode: number][] = [
  ['live', 0],
  ['awaitingApproval', 0],
  ['rejected', 1],
  ['failed', 1],
  ['superseded', 1],
]
test.each(ends)('--wait with a run that ends %s: exit code %i', async (state, exitCode) => {
  const { url } = await appWith({ drops: taken, runs: [run(state, 'queued')] })
  const ended = await drop(url, '--wait', '--json')
  expect(ended.exitCode).toBe(exitCode)
  expect(JSON.parse(ended.stdout)).toMatchObject({ customer: 'contoso', generation: 4, state, sizeBytes: 8 })
})

test('a drop that trains nothing ends the waiting with its reason', async () => {
  const drops = (name: string) => ({
    body: { items: [{ name, state: 'excluded', excludedFor: 'wrong month' }] },
  })
  const { url } = await appWith({ drops, runs: [] })
  const { stdout, exitCode } = await drop(url, '--wait')
  expect([exitCode, stdout]).toEqual([
    1,
    expect.stringMatching(/contoso\/census is excluded: wrong month\n$/),
  ])
})
