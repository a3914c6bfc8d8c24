import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { AzureCliCredential } from '@azure/identity'
import { createAzureStores } from '../shared/adapters/azureStores.ts'
import { createCustomerTable } from '../shared/adapters/customerTable.ts'
import type { StorageConnection } from '../shared/adapters/storage/connection.ts'
import { createWebServiceTable } from '../shared/adapters/webServiceTable.ts'
import type { ModelSettings, TrainingServiceSettings } from '../shared/retraining/settings.ts'

const usage = `npm run settings -- FILE --account NAME | --connection STRING
  FILE          JSON: {"trainingServices": [...], "models": [...]}; docs/deploying.md has one
  --account     storage account of a deployed app, as the user of az login
  --connection  connection string of a storage account`

type SettingsFile = { trainingServices: TrainingServiceSettings[]; models: ModelSettings[] }

/**
 * Writes training services and customers' models into a deployed app's tables, which the app reads at its next step. Rows
 * of the same names are replaced, others stay. Wrong settings are refused by name before the app could see them.
 */
async function main(args: string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { account: { type: 'string' }, connection: { type: 'string' } },
  })
  const [path] = positionals
  const connection = values.connection ?? (values.account && byAccount(values.account))
  if (path === undefined || !connection) throw new Error(usage)
  const { trainingServices = [], models = [] } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as Partial<SettingsFile>
  const { tables } = createAzureStores(connection)
  await Promise.all([tables.customers.create(), tables.webservices.create()])
  for (const service of trainingServices)
    await createWebServiceTable(tables.webservices).putTrainingService(service)
  for (const model of models) await createCustomerTable(tables.customers).putSettings(model)
  return `written: ${trainingServices.length} training services, ${models.length} models`
}

function byAccount(account: string): StorageConnection {
  const uri = (service: string) => `https://${account}.${service}.core.windows.net`
  const uris = { blobServiceUri: uri('blob'), queueServiceUri: uri('queue'), tableServiceUri: uri('table') }
  return { ...uris, credential: new AzureCliCredential() }
}

try {
  console.log(await main(process.argv.slice(2)))
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown)
  process.exitCode = 1
}
