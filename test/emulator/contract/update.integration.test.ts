import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fruitCsv } from '../fruit.ts'
import { startTestBed, type Target, type TestBed } from '../harness.ts'
import { jobIn, putBlob, startJob } from '../jobCalls.ts'
import { call, type Reply } from '../wire.ts'

/** In seconds: much longer than the calls of a test may take. */
const hour = 3_600

let bed: TestBed
let contoso: Target
/** The result of a training job: a model that calls no fruit good but the small. */
let location: { BaseLocation: string; RelativeLocation: string; SasBlobToken: string }

beforeAll(async () => {
  bed = await startTestBed({ patchDelaySeconds: hour })
  const fruit = bed.target('Fruit [predictive exp.]')
  await call('PUT', fruit.management.replace('default', 'contoso'), bed.token, {})
  contoso = bed.target('Fruit [predictive exp.]', 'contoso')
  const training = bed.target('Fruit')
  const turned = fruitCsv(60).replaceAll(',yes', ',x').replaceAll(',no', ',yes').replaceAll(',x', ',no')
  const job = await startJob(training, { Input: await putBlob(bed, 'turned.csv', turned) })
  const { ConnectionString: _, ...output } = (await jobIn('Finished', job, training)).json.Results.output1
  location = output
})
afterAll(() => bed.remove())

const name = 'Fruit [trained model]'
const patch = (resources: unknown, target = contoso, key = target.key) =>
  call('PATCH', target.management, key, { Resources: resources })
const label = async (target = contoso) => {
  const answer = await call('POST', `${target.api}/execute?api-version=2.0&format=swagger`, target.key, {
    Inputs: { input1: [{ size: '15', colour: 'red' }] },
  })
  return answer.json.Results.output1[0]['Scored Labels']
}

describe('PATCH', () => {
  test('shows the new location at once, answers with the new model after the delay, with no more of the token', async () => {
    expect(await label()).toBe('yes')
    const answer = await patch([{ Name: name, Location: { ConnectionString: null, ...location } }])
    expect([answer.status, answer.text]).toEqual([200, ''])
    const { json } = await call('GET', contoso.management, contoso.key)
    expect(json.Resources[0].Location).toEqual({ ...location, SasBlobToken: '' })
    bed.emulator.forwardClock(hour / 2)
    expect(await label()).toBe('yes')
    bed.emulator.forwardClock(hour / 2)
    expect(await label()).toBe('no')
  })

  test('leaves the default endpoint and its model alone', async () => {
    const fruit = bed.target('Fruit [predictive exp.]')
    const { status, json } = await patch([{ Name: name, Location: location }], fruit)
    expect([status, json.error.code]).toEqual([400, 'InvalidOperation'])
    expect(await label(fruit)).toBe('yes')
  })

  test('of the training service says that it has no updatable resources', async () => {
    const { status, json } = await patch([{ Name: name, Location: location }], await addedTo('Fruit'))
    expect([status, json.error.details[0].message]).toEqual([
      400,
      expect.stringMatching(/no updatable resources/),
    ])
  })

  const detail = ({ status, json }: Reply) => [status, json.error.code, json.error.details[0].code]

  test('with another resource name says which names the endpoint has', async () => {
    const answer = await patch([{ Name: 'Fruit', Location: location }])
    expect(detail(answer)).toEqual([400, 'BadArgument', 'UserParameterInvalid'])
    expect(answer.json.error.details[0].message).toContain('"Fruit [trained model]"')
  })

  test('with a token that does not hold answers BlobNotFound without showing it', async () => {
    const token = location.SasBlobToken.replace(/sig=[^&]+/, 'sig=AAAA')
    const answer = await patch([{ Name: name, Location: { ...location, SasBlobToken: token } }])
    expect(detail(answer)).toEqual([400, 'BadArgument', 'BlobNotFound'])
    expect(answer.text).not.toContain('sig=')
  })

  test('with a damaged model or none at all is refused, and the model that is live stays', async () => {
    const bytes = Buffer.from(
      await (
        await fetch(location.BaseLocation + location.RelativeLocation + location.SasBlobToken)
      ).arrayBuffer(),
    )
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff
    for (const content of [bytes, 'hello', '']) {
      const blob = await putBlob(bed, 'damaged.ilearner', content)
      expect(detail(await patch([{ Name: name, Location: blob }]))).toEqual([
        400,
        'BadArgument',
        'InvalidBlob',
      ])
    }
    expect(await label()).toBe('no')
  })

  test('with a file of another extension is refused', async () => {
    const csv = await putBlob(bed, 'model.csv', 'x')
    expect(detail(await patch([{ Name: name, Location: csv }]))).toEqual([
      400,
      'BadArgument',
      'InvalidBlobExtension',
    ])
  })

  test('with the key of another endpoint answers 401', async () => {
    const { status } = await patch([{ Name: name, Location: location }], contoso, bed.target('Fruit').key)
    expect(status).toBe(401)
  })

  test('sets throttling and logging without touching the model', async () => {
    const body = { ThrottleLevel: 'High', MaxConcurrentCalls: 200, DiagnosticsTraceLevel: 'All' }
    expect((await call('PATCH', contoso.management, bed.token, body)).status).toBe(200)
    const { json } = await call('GET', contoso.management, bed.token)
    expect(json).toMatchObject(body)
    expect(await label()).toBe('no')
  })
})

async function addedTo(service: string): Promise<Target> {
  const target = bed.target(service)
  await call('PUT', target.management.replace('default', 'added'), bed.token, {})
  return bed.target(service, 'added')
}
