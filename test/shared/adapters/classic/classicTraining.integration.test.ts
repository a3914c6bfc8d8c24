import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClassicTraining } from '../../../../shared/adapters/classic/classicTraining.ts'
import { RetryableError, TerminalError } from '../../../../shared/retraining/errors.ts'
import type { TrainingPort, TrainingService } from '../../../../shared/retraining/services.ts'
import {
  classicOptions,
  type ScriptedService,
  serviceError,
  startScriptedService,
} from './scriptedService.ts'

const options = classicOptions({ KEY: 'training-key-1' })
const jobId = '539d0bc2fde945b6ac986b851d0000f0'
const jobsPath = '/workspaces/w1/services/e1/jobs'
let server: ScriptedService
let training: TrainingPort
let service: TrainingService

beforeAll(async () => {
  server = await startScriptedService()
  training = createClassicTraining(options)
  service = {
    name: 'Bird Strikes',
    jobsUrl: `${server.url}${jobsPath}`,
    apiKey: 'env:KEY',
    inputPort: 'input1',
    modelPort: 'output1',
    evaluationPort: 'output2',
  }
})
afterAll(async () => {
  await options.close()
  await server.close()
})

const input = {
  baseLocation: 'https://a.blob.core.windows.net/',
  relativeLocation: 'training-sets/acme/x.csv',
  sasBlobToken: '?sv=1&sig=x',
}

test('submit sends the input by its port with the key, and answers the job id', async () => {
  server.script([200, JSON.stringify(jobId)])
  expect(await training.submitJob(service, input)).toBe(jobId)
  expect(server.arrived).toHaveLength(1)
  expect(server.arrived[0]).toMatchObject({ method: 'POST', path: `${jobsPath}?api-version=2.0` })
  expect(server.arrived[0]?.headers).toMatchObject({
    authorization: 'Bearer training-key-1',
    'content-type': 'application/json; charset=utf-8',
  })
  expect(JSON.parse(server.arrived[0]?.body ?? '')).toEqual({
    Inputs: {
      input1: {
        ConnectionString: null,
        BaseLocation: 'https://a.blob.core.windows.net/',
        RelativeLocation: 'training-sets/acme/x.csv',
        SasBlobToken: '?sv=1&sig=x',
      },
    },
    GlobalParameters: {},
  })
})

const jobsUrls = ['', '/', '?api-version=2.0', '/?api-version=2.0']
test.each(jobsUrls)('the jobs URL may end in "%s"', async (end) => {
  const asGiven = { ...service, jobsUrl: `${server.url}${jobsPath}${end}` }
  server.script([200, JSON.stringify(jobId)])
  await training.submitJob(asGiven, input)
  await training.startJob(asGiven, jobId)
  expect(server.arrived.map(({ path }) => path)).toEqual([
    `${jobsPath}?api-version=2.0`,
    `${jobsPath}/${jobId}/start?api-version=2.0`,
  ])
})

const noJobIds = ['""', '{"id":1}', 'not json', '"../../x"', '17']
test.each(noJobIds)('submit does not take %s for a job id', async (text) => {
  server.script([200, text])
  await expect(training.submitJob(service, input)).rejects.toThrow(
    /^Cannot submit a job to Bird Strikes: the answer is not understood/,
  )
})

test('start sends an empty body; any 2xx is fine', async () => {
  server.script([202, ''])
  expect(await training.startJob(service, jobId)).toBe('started')
  expect(server.arrived[0]).toMatchObject({ method: 'POST', body: '' })
  expect(server.arrived[0]?.headers['content-length']).toBe('0')
})

test('start of a job that is past it is an outcome', async () => {
  const text = 'The job cannot be started because it is in Running state.'
  const detail = { code: 'CannotStartJob', target: '', message: text }
  server.script([
    400,
    serviceError('InvalidOperation', 'The request is invalid in the current context.', [detail]),
  ])
  expect(await training.startJob(service, jobId)).toBe('cannotStart')
  expect(server.arrived).toHaveLength(1)
})

test('another invalid operation at start is an error with code, message and details', async () => {
  const detail = { code: 'MultipleInputsNotAllowed', target: 'input1', message: 'Only one.' }
  server.script([400, serviceError('InvalidOperation', 'Invalid.', [detail])])
  await expect(training.startJob(service, jobId)).rejects.toThrow(
    `Cannot start job ${jobId} of Bird Strikes: 400 InvalidOperation: Invalid. [MultipleInputsNotAllowed (input1): Only one.]`,
  )
})

test('get asks for one job and answers what the service says', async () => {
  server.script([200, { StatusCode: 'Running', Results: null, Details: null }])
  expect(await training.getJob(service, jobId)).toEqual({ status: 'Running' })
  expect(server.arrived[0]).toMatchObject({ method: 'GET', path: `${jobsPath}/${jobId}?api-version=2.0` })
})

test('a status that is not understood may pass, and what was wrong is named', async () => {
  server.script([200, '{"StatusCode":"Sleeping"}'])
  const error = await training.getJob(service, jobId).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RetryableError)
  expect((error as Error).message).toBe(
    `Cannot get job ${jobId} of Bird Strikes: the answer is not understood: wrong or missing: StatusCode`,
  )
})

test('details that repeat our input’s SAS are redacted', async () => {
  const details =
    'Cannot open https://a.blob.core.windows.net/c/x.csv?sv=1&sig=geheim with Bearer training-key-1'
  server.script([200, { StatusCode: 'Failed', Results: null, Details: details }])
  expect(await training.getJob(service, jobId)).toEqual({
    status: 'Failed',
    details: 'Cannot open https://a.blob.core.windows.net/c/x.csv?[cut] with Bearer [cut]',
  })
})

test('a job the service does not know is gone; deleting it is fine', async () => {
  server.script([404, serviceError('NotFound', 'Resource not found.')])
  expect(await training.getJob(service, jobId)).toBe('gone')
  await training.deleteJob(service, jobId)
  expect(server.arrived.map(({ method }) => method)).toEqual(['GET', 'DELETE'])
})

test('a job of a service that is not there is an error, for the URL is wrong', async () => {
  const detail = { code: 'WebServiceNotFound', target: '', message: 'No such service.' }
  server.script([404, serviceError('NotFound', 'Resource not found.', [detail])])
  await expect(training.getJob(service, jobId)).rejects.toThrow(TerminalError)
  await expect(training.deleteJob(service, jobId)).rejects.toThrow(/WebServiceNotFound/)
})

test('delete is done with any 2xx', async () => {
  server.script([204, ''])
  await training.deleteJob(service, jobId)
  expect(server.arrived[0]).toMatchObject({ method: 'DELETE', path: `${jobsPath}/${jobId}?api-version=2.0` })
})

test('a jobs URL elsewhere is refused before anything is sent', async () => {
  const elsewhere = { ...service, jobsUrl: 'https://169.254.169.254/jobs' }
  server.script([200, JSON.stringify(jobId)])
  await expect(training.submitJob(elsewhere, input)).rejects.toThrow(/^Cannot use the jobs URL/)
})
