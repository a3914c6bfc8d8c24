import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Mistake, plantAndCheck, root } from './folders.ts'

const storage = 'infra/modules/storage.bicep'
const byOwnRules: Mistake[] = [
  ['broken syntax', storage, "  kind: 'StorageV2'", "  kind 'StorageV2'", 'not understood: '],
  [
    'a name that is not declared',
    storage,
    'location: location',
    'location: loaction',
    'not declared: loaction; did you mean location',
  ],
  [
    'a function that is not known',
    'infra/modules/storageRoles.bicep',
    'guid(account',
    'guidd(account',
    'not declared: guidd; did you mean guid',
  ],
  [
    'a parameter that nobody uses',
    storage,
    'param tags object',
    "param tags object\n\n@description('x')\nparam more int",
    'declared and not used: more',
    3,
  ],
  [
    'a loaded file that is not there',
    'infra/modules/api.bicep',
    'product-starter.xml',
    'product-stater.xml',
    'no such file: ../policies/product-stater.xml',
  ],
  [
    'a module that is not there',
    'infra/main.bicep',
    "'modules/keyVault.bicep'",
    "'modules/vault.bicep'",
    'no such module: modules/vault.bicep',
  ],
  [
    'a parameter that a module lacks',
    'infra/modules/retraining.bicep',
    'keyVaultUri: vault.uri',
    'vaultUri: vault.uri',
    'functionApp.bicep has no parameter vaultUri',
  ],
  [
    'an output that a module lacks',
    'infra/main.bicep',
    'output KEY_VAULT_NAME string = keyVault.outputs.name',
    'output KEY_VAULT_NAME string = keyVault.outputs.nam',
    'modules/keyVault.bicep has no output nam; did you mean name',
  ],
  [
    'a value for no parameter',
    'infra/main.parameters.json',
    '"administratorEmail"',
    '"administratorMail"',
    'the template has no parameter administratorMail; did you mean administratorEmail',
  ],
  [
    'XML that is not well-formed',
    'infra/policies/api-inject.xml',
    '</inbound>',
    '</inbund>',
    'Opening and ending tag mismatch: inbound line 2 and inbund',
  ],
  [
    'a quota for an API',
    'infra/policies/api-passThrough.xml',
    '<set-backend',
    '<quota calls="1" renewal-period="300" /><set-backend',
    'quota is not for scope api',
  ],
  [
    'a limit after the answer',
    'infra/policies/product-starter.xml',
    '<outbound>',
    '<outbound><rate-limit calls="1" renewal-period="1" />',
    'rate-limit belongs to inbound',
  ],
  [
    'a period that is too long',
    'infra/policies/product-starter.xml',
    'renewal-period="60"',
    'renewal-period="301"',
    'rate-limit renews after 300 s at most',
  ],
  [
    'a policy that forgets the outer ones',
    'infra/policies/product-starter.xml',
    '<inbound>\n    <base />',
    '<inbound>',
    'inbound lacks <base />',
  ],
  [
    'a backend that is not declared',
    'infra/policies/api-inject.xml',
    '"web-services"',
    '"web-service"',
    'no such backend: web-service; did you mean web-services',
  ],
  [
    'a named value that is not declared',
    'infra/policies/api-inject.xml',
    '{{endpoint-key}}',
    '{{endpoint-keys}}',
    'no such named value: endpoint-keys; did you mean endpoint-key',
  ],
]
test.each(byOwnRules)('without any schema, %s is caught with file and line', async (...mistake) => {
  const { at, messages } = await plantAndCheck(mistake, join(root, 'none'))
  expect(messages.filter((message) => message.startsWith(`${at}: ${mistake[4]}`))).toHaveLength(1)
})
