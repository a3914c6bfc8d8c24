import { expect, test } from 'vitest'
import { hasSchemas, type Mistake, plantAndCheck, schemas } from './folders.ts'

const storage = 'infra/modules/storage.bicep'
const bySchemas: Mistake[] = [
  [
    'a misspelled property',
    storage,
    'allowSharedKeyAccess:',
    'allowSharedKeyAcess:',
    'no such property: allowSharedKeyAcess; did you mean allowSharedKeyAccess',
  ],
  ['a missing required property', storage, "  kind: 'StorageV2'\n", '', 'missing property: kind', -4],
  [
    'a wrong value',
    storage,
    "'TLS1_2'",
    "'TLS1_4'",
    "no such value: 'TLS1_4'; did you mean TLS1_0 or TLS1_1 or TLS1_2 or TLS1_3",
  ],
  [
    'a read-only property',
    storage,
    '    allowBlobPublicAccess: false',
    '    provisioningState: 1',
    'read-only property: provisioningState',
  ],
  [
    'a number where a flag belongs',
    storage,
    'allowSharedKeyAccess: false',
    'allowSharedKeyAccess: 0',
    '0, where boolean is expected',
  ],
  [
    'a value allowed by a parameter only',
    'infra/modules/apiManagement.bicep',
    "'Developer'",
    "'Developper'",
    "no such value: 'Developper'; did you mean Developer",
  ],
  [
    'a misspelled type',
    storage,
    'Microsoft.Storage/storageAccounts@2025-01-01',
    'Microsoft.Storage/storageAcounts@2025-01-01',
    'no such type: Microsoft.Storage/storageAcounts@2025-01-01; did you mean Microsoft.Storage/storageAccounts@2025-01-01',
  ],
  [
    'a misspelled property in a variable',
    'infra/modules/events.bicep',
    'subjectBeginsWith',
    'subjectBeginWith',
    'no such property: subjectBeginWith; did you mean subjectBeginsWith',
  ],
  [
    'an unknown kind of destination',
    'infra/modules/eventsToTrigger.bicep',
    "'WebHook'",
    "'Webhook'",
    "endpointType has no value 'Webhook'; did you mean WebHook",
  ],
  [
    'a version that there is not',
    storage,
    'Microsoft.Storage/storageAccounts@2025-01-01',
    'Microsoft.Storage/storageAccounts@2025-01-10',
    'no types of Microsoft.Storage/storageAccounts@2025-01-10; there are those of Microsoft.Storage/storageAccounts@2025-01-01',
  ],
  [
    'a misspelled property that is read',
    storage,
    'account.properties.primaryEndpoints.blob',
    'account.properties.primaryEndpoints.blop',
    'account.properties.primaryEndpoints has no blop; did you mean blob',
  ],
  [
    'a misspelled property of what a loop goes through',
    'infra/modules/alerts.bicep',
    'each.severity',
    'each.sevrity',
    'each has no sevrity; did you mean severity',
  ],
  [
    'a misspelled attribute of a policy',
    'infra/policies/product-starter.xml',
    'renewal-period="60"',
    'renewal-perod="60"',
    "Element 'rate-limit', attribute 'renewal-perod': The attribute 'renewal-perod' is not allowed.",
  ],
  [
    'an unknown policy',
    'infra/policies/product-starter.xml',
    '<rate-limit ',
    '<rate-limits ',
    "Element 'rate-limits': No matching global element declaration available, but demanded by the strict wildcard.",
  ],
]
test.skipIf(!hasSchemas).each(bySchemas)('%s is caught with file and line', async (...mistake) => {
  const { at, messages } = await plantAndCheck(mistake, schemas)
  expect(messages).toContain(`${at}: ${mistake[4]}`)
})

test.skipIf(!hasSchemas)('a misspelled key of azure.yaml is caught with its line', async () => {
  const mistake: Mistake = ['', 'azure.yaml', 'prepackage:', 'prepackge:', '']
  const { messages } = await plantAndCheck(mistake, schemas)
  expect(messages).toEqual([
    expect.stringMatching(/^azure\.yaml:\d+: \/hooks .*additional properties.*prepackge/),
  ])
})
