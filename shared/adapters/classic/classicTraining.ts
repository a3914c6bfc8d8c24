import { TerminalError } from '../../retraining/errors.ts'
import {
  CredentialRefused,
  type Job,
  type ResourceLocation,
  type TrainingPort,
  type TrainingService,
} from '../../retraining/services.ts'
import type { HttpAnswer } from '../http/httpClient.ts'
import { type ClassicOptions, callService, type ServiceCall } from './callService.ts'
import { decodeAnswer } from './decodeAnswer.ts'
import { hasCode } from './fromHttpStatus.ts'
import { isGone } from './gone.ts'
import { decodeJob, decodeJobId, encodeSubmission } from './jobWire.ts'
import { jobUrl, submitUrl } from './urls.ts'

/**
 * Training web services of ML Studio (classic): BES. Errors as in {@link TrainingPort}.
 * Source: classic-protocol.md, 3.
 */
export function createClassicTraining(given: ClassicOptions): TrainingPort {
  const options = { ...given, secrets: refusingSecrets(given.secrets) }
  return {
    submitJob: (service, input) => submitJob(options, service, input),
    async startJob(service, jobId) {
      const call = jobCall(options, service, jobId, 'start')
      const expects = ({ text }: HttpAnswer) => hasCode(text, 'CannotStartJob')
      const answer = await callService(options, { ...call, expects })
      return answer.status < 300 ? 'started' : 'cannotStart'
    },
    getJob: (service, jobId) => getJob(options, service, jobId),
    async deleteJob(service, jobId) {
      await callService(options, { ...jobCall(options, service, jobId, 'delete'), expects: isGone })
    },
  }
}

/**
 * A key that is not there is the service's trouble, as one that it refuses: every customer's runs wait until the operator has put
 * it back, instead of failing one after the other.
 */
function refusingSecrets(secrets: ClassicOptions['secrets']): ClassicOptions['secrets'] {
  return {
    async resolve(...reference) {
      try {
        return await secrets.resolve(...reference)
      } catch (error) {
        throw error instanceof TerminalError ? new CredentialRefused(error.message) : error
      }
    },
  }
}

/** A try that was answered too late leaves a job behind that is never started, and costs nothing. */
async function submitJob(
  options: ClassicOptions,
  service: TrainingService,
  input: ResourceLocation,
): Promise<string> {
  const what = `submit a job to ${service.name}`
  const url = submitUrl(options.guard.check('jobs URL', service.jobsUrl))
  const body = encodeSubmission(service.inputPort, input)
  const answer = await callService(options, { what, method: 'POST', url, apiKey: service.apiKey, body })
  return decodeAnswer(what, answer.text, decodeJobId)
}

async function getJob(
  options: ClassicOptions,
  service: TrainingService,
  jobId: string,
): Promise<Job | 'gone'> {
  const call = jobCall(options, service, jobId, 'get')
  const answer = await callService(options, { ...call, expects: isGone })
  if (answer.status === 404) return 'gone'
  return decodeAnswer(call.what, answer.text, (text) => decodeJob(text, options.redact))
}

const methods = { start: 'POST', get: 'GET', delete: 'DELETE' } as const

function jobCall(
  options: ClassicOptions,
  service: TrainingService,
  jobId: string,
  verb: keyof typeof methods,
): ServiceCall {
  const jobsUrl = options.guard.check('jobs URL', service.jobsUrl)
  return {
    what: `${verb} job ${jobId} of ${service.name}`,
    method: methods[verb],
    url: jobUrl(jobsUrl, jobId, verb === 'start' ? 'start' : ''),
    apiKey: service.apiKey,
  }
}
