import { readFileSync } from 'node:fs'
import { AzureCliCredential } from '@azure/identity'
import { createAzureStores } from '../shared/adapters/azureStores.ts'
import { createCustomerTable } from '../shared/adapters/customerTable.ts'
import type { StorageConnection } from '../shared/adapters/storage/connection.ts'
import { createWebServiceTable } from '../shared/adapters/webServiceTable.ts'
import type { ModelSettings, TrainingServiceSettings } from '../shared/retraining/settings.ts'
import { endWith, readArguments, wrongArguments } from './commandLine.ts'

const usage = `npm run settings -- FILE --account NAME | --connection STRING
  FILE          JSON: {"trainingServices": [...], "models": [...]}; docs/deploying.md has one
  --account     storage account of a deployed app, as the user of az login
  --connection  connection string of a storage account`

const options = {
  account: { type: 'string' },
  connection: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

type SettingsFile = { trainingServices: TrainingServiceSettings[]; models: ModelSettings[] }

/**
 * Writes training services and customers' models into a deployed app's tables, which the app reads at its next step. Rows
 * of the same names are replaced, others stay. Wrong settings are refused by name before the app could see them.
 */
async function main(): Promise<number> {
  const { values, positionals } = readArguments('settings', { allowPositionals: true, options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const [path] = positionals
  const connection = values.connection ?? (values.account && byAccount(values.account))
  if (path === undefined) throw wrongArguments('settings', 'a file of settings is missing')
  if (!connection) throw wrongArguments('settings', '--account NAME or --connection STRING is missing')
  const { trainingServices = [], models = [] } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as Partial<SettingsFile>
  const { tables } = createAzureStores(connection)
  await Promise.all([tables.customers.create(), tables.webservices.create()])
  for (const service of trainingServices)
    await createWebServiceTable(tables.webservices).putTrainingService(service)
  for (const model of models) await createCustomerTable(tables.customers).putSettings(model)
  console.log(`written: ${trainingServices.length} training services, ${models.length} models`)
  return 0
}

function byAccount(account: string): StorageConnection {
  const uri = (service: string) => `https://${account}.${service}.core.windows.net`
  const uris = { blobServiceUri: uri('blob'), queueServiceUri: uri('queue'), tableServiceUri: uri('table') }
  return { ...uris, credential: new AzureCliCredential() }
}

await endWith(main)
