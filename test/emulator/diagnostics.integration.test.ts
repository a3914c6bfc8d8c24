import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fruitCsv } from './fruit.ts'
import { startTestBed, type Target, type TestBed } from './harness.ts'
import { jobIn, putBlob, startJob } from './jobCalls.ts'
import { call } from './wire.ts'

let bed: TestBed
beforeAll(async () => {
  bed = await startTestBed()
})
afterAll(() => bed.remove())

const container = () =>
  BlobServiceClient.fromConnectionString(inject('storage')).getContainerClient('ml-diagnostics')

/** Everything logged for an endpoint, by area. */
async function logged({ id, serviceId }: Target): Promise<Record<string, Record<string, unknown>[]>> {
  const areas: Record<string, Record<string, unknown>[]> = {}
  const workspace = bed.emulator.describe().workspaces[0]?.id
  const prefix = `${workspace}-${serviceId}-${id}/`
  for await (const { name } of container().listBlobsFlat({ prefix })) {
    const text = (await container().getBlobClient(name).downloadToBuffer()).toString()
    const area = name.slice(prefix.length, name.lastIndexOf('/'))
    areas[area] = [
      ...(areas[area] ?? []),
      ...text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ]
  }
  return areas
}

test('request logs lie in ml-diagnostics: all, errors only or none, written when the emulator closes', async () => {
  const name = 'Fruit [predictive exp.]'
  const { management } = bed.target(name)
  for (const level of ['None', 'Error', 'All']) {
    await call('PUT', management.replace('default', level.toLowerCase()), bed.token, {
      DiagnosticsTraceLevel: level,
    })
  }
  const targets = {
    none: bed.target(name, 'none'),
    error: bed.target(name, 'error'),
    all: bed.target(name, 'all'),
  }
  const ids: (string | null)[] = []
  for (const target of Object.values(targets)) {
    for (const size of ['15', 'big']) {
      const { headers } = await call('POST', `${target.api}/execute?api-version=2.0`, target.key, {
        Inputs: { input1: [{ size, colour: 'red' }] },
      })
      ids.push(headers.get('x-ms-request-id'))
    }
  }
  const job = await startJob(targets.all, { Input: await putBlob(bed, 'in.csv', fruitCsv(20)) })
  await jobIn('Finished', job, targets.all)
  await bed.emulator.close()

  expect(await logged(targets.none)).toEqual({})
  const errors = await logged(targets.error)
  expect(Object.keys(errors)).toEqual(['score/requests'])
  expect(errors['score/requests']).toMatchObject(
    [
      { level: 'Error', operation: 'execute', status: 400, requestId: ids[3], error: /^InputParseError: / },
    ].map(({ error, ...rest }) => ({ ...rest, error: expect.stringMatching(error) })),
  )
  const all = await logged(targets.all)
  expect(all['score/requests']?.map(({ status, requestId }) => [status, requestId])).toEqual([
    [200, ids[4]],
    [400, ids[5]],
  ])
  const operations = all.batch?.map((entry) => entry.operation)
  expect(operations?.slice(0, 2)).toEqual(['submitJob', 'startJob'])
  expect(all.batch?.find((entry) => entry.operation === 'jobEnd')).toMatchObject({ status: 'Finished' })
  expect(JSON.stringify(all)).not.toMatch(/AccountKey|sig=/)
})

test('making a model ready for scoring is logged apart', async () => {
  const name = 'Fruit [predictive exp.]'
  const second = await startTestBed()
  try {
    const { management } = second.target(name)
    await call('PATCH', management, second.token, { DiagnosticsTraceLevel: 'All' })
    const target = second.target(name)
    await call('POST', `${target.api}/execute?api-version=2.0`, target.key, {
      Inputs: { input1: [{ size: '1', colour: 'red' }] },
    })
    await second.emulator.close()
    const blobs: string[] = []
    for await (const blob of container().listBlobsFlat()) blobs.push(blob.name)
    expect(blobs.some((blob) => blob.includes(`-${target.id}/score/init/`))).toBe(true)
  } finally {
    await second.remove()
  }
})
