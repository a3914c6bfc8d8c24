import type { CustomerTable } from '../../shared/adapters/customerTable.ts'
import type { WebServiceTable } from '../../shared/adapters/webServiceTable.ts'
import {
  type EndpointOwners,
  endpointUrl,
  type PredictiveServiceSettings,
} from '../../shared/retraining/predictiveServices.ts'
import type { ModelSettings } from '../../shared/retraining/settings.ts'
import { addEndpoint, type EmulatorReady, findWebService, type ServedEndpoint } from './emulatorApi.ts'
import { readSample, sample, scoringRows } from './sample.ts'
import { writeSecrets } from './secrets.ts'
import { tokenSecret, trainingSecret } from './setUpServices.ts'

/** What set-up needs: the emulator, the settings' tables, and where the secrets go. */
export type SetUpOptions = {
  root: string
  emulator: EmulatorReady
  tables: CustomerTable & WebServiceTable & Pick<EndpointOwners, 'takeEndpoint'>
  secretsFile: string
}

type SampleCustomer = (typeof sample.customers)[number]

/** Adds what is missing of the sample: each customer's endpoint, key and settings, and the training services. The same again is fine. */
export async function setUpCustomers(
  options: SetUpOptions,
): Promise<{ customerId: string; endpoint: ServedEndpoint }[]> {
  const keys = await setUpTrainingServices(options)
  const service = predictiveService(options)
  await options.tables.putPredictiveService(service.settings)
  keys[tokenSecret] = service.token
  const customers: { customerId: string; endpoint: ServedEndpoint }[] = []
  for (const customer of sample.customers) {
    const description = `birdstrikes of ${customer.customerId}`
    const endpoint = await addEndpoint(
      options.emulator,
      sample.predictiveService,
      customer.endpoint,
      description,
    )
    keys[`${customer.endpoint}-key`] = endpoint.primaryKey
    customers.push({ customerId: customer.customerId, endpoint })
  }
  writeSecrets(options.secretsFile, keys)
  for (const [i, customer] of sample.customers.entries()) {
    const endpoint = customers[i]?.endpoint
    if (endpoint === undefined) continue
    const { customerId } = customer
    const url = endpointUrl(service.settings, customer.endpoint)
    await options.tables.takeEndpoint(url, { customerId, model: sample.model })
    await options.tables.putSettings(settingsOf(options.root, customer, endpoint))
  }
  return customers
}

/** The predictive web service, so that more customers can be added, and its workspace's token. */
function predictiveService({ emulator }: SetUpOptions): {
  settings: PredictiveServiceSettings
  token: string
} {
  const name = sample.predictiveService
  const { workspace, service } = findWebService(emulator, name)
  const settings = {
    name,
    managementUrl: `${emulator.url}/workspaces/${workspace.id}/webservices/${service.id}`,
    token: `file:${tokenSecret}`,
    resourceName: sample.resourceName,
    template: { throttleLevel: 'High' as const, maxConcurrentCalls: 20 },
  }
  return { settings, token: workspace.token }
}

/** Writes the training services' rows; answers their keys by secret name. */
async function setUpTrainingServices({ emulator, tables }: SetUpOptions): Promise<Record<string, string>> {
  const keys: Record<string, string> = {}
  for (const name of sample.trainingServices) {
    const endpoint = findWebService(emulator, name).service.endpoints.find((one) => one.name === 'default')
    if (endpoint === undefined) throw new Error(`Cannot set up ${name}: it has no default endpoint`)
    const secret = trainingSecret(name)
    keys[secret] = endpoint.primaryKey
    await tables.putTrainingService({
      name,
      jobsUrl: `${endpoint.apiLocation}/jobs`,
      apiKey: `file:${secret}`,
      ...sample.ports,
      maxJobsInFlight: 40,
    })
  }
  return keys
}

function settingsOf(root: string, customer: SampleCustomer, endpoint: ServedEndpoint): ModelSettings {
  const probe = scoringRows(readSample(root, customer.customerId, 'heldout'))[0]?.row
  return {
    customerId: customer.customerId,
    model: sample.model,
    trainingService: customer.trainingService,
    predictiveService: sample.predictiveService,
    endpoint: {
      url: endpoint.url,
      scoringUrl: endpoint.scoringUrl,
      apiKey: `file:${customer.endpoint}-key`,
      resourceName: sample.resourceName,
    },
    trainingData: 'latest',
    quietSeconds: 0,
    maxQuietSeconds: 5,
    jobDeadlineMinutes: 30,
    gate: { kind: 'always' },
    driftPolicy: 'mend',
    ...(probe !== undefined && { probeRow: probe }),
  }
}
