import type { AppStorage } from '../../local/setup/appStorage.ts'
import {
  addEndpoint,
  type EmulatorReady,
  findWebService,
  type ServedEndpoint,
} from '../../local/setup/emulatorApi.ts'
import { writeSecrets } from '../../local/setup/secrets.ts'
import { concurrently } from '../../shared/retraining/concurrently.ts'

/** The model that every customer has. */
export const model = 'purchases'
export const resourceName = 'Purchases [trained model]'
const trainingName = 'Purchases'
const predictiveName = 'Purchases [predictive exp.]'

/** A customer with its endpoint; its id is also the endpoint's name. */
export type Customer = { customerId: string; endpoint: ServedEndpoint; trainingData: 'latest' | 'append' }

/** What set-up needs; `through` turns an address into the one the app is to use. */
export type CustomersOptions = {
  count: number
  emulator: EmulatorReady
  tables: AppStorage['tables']
  secretsFile: string
  through(text: string): string
}

/** Adds customers `c001` and so on, half of them `latest`, half `append`; answers them with every key that the app is given. */
export async function addCustomers(
  options: CustomersOptions,
): Promise<{ customers: Customer[]; keys: Record<string, string> }> {
  const { emulator, tables, through } = options
  const training = findWebService(emulator, trainingName).service.endpoints[0]
  if (training === undefined) throw new Error(`Cannot set up ${trainingName}: it has no endpoint`)
  const ids = Array.from({ length: options.count }, (_none, at) => `c${String(at + 1).padStart(3, '0')}`)
  const customers = await concurrently(ids, 8, async (customerId): Promise<Customer> => {
    const endpoint = await addEndpoint(emulator, predictiveName, customerId, `purchases of ${customerId}`)
    return { customerId, endpoint, trainingData: Number(customerId.slice(1)) % 2 === 0 ? 'latest' : 'append' }
  })
  const keys = Object.fromEntries([
    ['training-key', training.primaryKey],
    ...customers.map(({ customerId, endpoint }) => [`${customerId}-key`, endpoint.primaryKey]),
  ])
  writeSecrets(options.secretsFile, keys)
  await tables.putTrainingService({
    name: trainingName,
    jobsUrl: through(`${training.apiLocation}/jobs`),
    apiKey: 'file:training-key',
    ...{ inputPort: 'input1', modelPort: 'output1', evaluationPort: 'output2' },
    maxJobsInFlight: 40,
  })
  await concurrently(customers, 8, (customer) => putSettings(options, customer))
  return { customers, keys }
}

function putSettings({ tables, through }: CustomersOptions, customer: Customer): Promise<void> {
  const { customerId, endpoint, trainingData } = customer
  return tables.putSettings({
    customerId,
    model,
    trainingService: trainingName,
    endpoint: {
      url: through(endpoint.url),
      scoringUrl: through(endpoint.scoringUrl),
      apiKey: `file:${customerId}-key`,
      resourceName,
    },
    trainingData,
    ...(trainingData === 'append' && { appendDrops: 5 }),
    quietSeconds: 1,
    maxQuietSeconds: 5,
    jobDeadlineMinutes: 10,
    gate: { kind: 'always' },
    driftPolicy: 'mend',
    probeRow: { visits: '0.3', minutes: '-0.2' },
  })
}
