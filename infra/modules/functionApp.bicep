@description('Name of the Function App: its address is NAME.azurewebsites.net')
param name string

@description('Where it lives: a region with Flex Consumption')
param location string

@description('Tags of every resource')
param tags object

@description('Resource id of the identity it runs as')
param identityId string

@description('Client id of the same identity')
param identityClientId string

@description('Name of the account that holds the host\'s own state and the app\'s package')
param hostAccountName string

@description('Container of the app\'s package')
param packageContainer string

@description('Service URIs of the account with drops, models, tables and queues')
param dataUris object

@description('Address of the vault behind keyvault:NAME')
param keyVaultUri string

@description('Connection string of Application Insights; holds no secret, since keys are refused')
param insightsConnectionString string

@description('How drops are announced: events (a queue) or blob (the blob trigger)')
param trainingDataTrigger string

@description('Memory of an instance in MB')
param instanceMemoryMB int

@description('Most instances at once')
param maximumInstanceCount int

@description('Settings of the app that replace those below')
param settings object

resource hostAccount 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: hostAccountName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostAccount.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: '22'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
  }
}

resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: hostAccount.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: hostAccount.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: hostAccount.properties.primaryEndpoints.table
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  // Alert rules read requests and traces: neither is sampled.
  AzureFunctionsJobHost__logging__applicationInsights__samplingSettings__excludedTypes: 'Request;Exception;Trace'
}

var appSettings = {
  RETRAIN_STORAGE__credential: 'managedidentity'
  RETRAIN_STORAGE__clientId: identityClientId
  RETRAIN_STORAGE__blobServiceUri: dataUris.blob
  RETRAIN_STORAGE__queueServiceUri: dataUris.queue
  RETRAIN_STORAGE__tableServiceUri: dataUris.table
  KEY_VAULT_URI: keyVaultUri
  SECRET_STORE: 'keyvault'
  POLL_SCHEDULE: '*/30 * * * * *'
  RECONCILE_SCHEDULE: '0 */5 * * * *'
  SCHEDULES_SCHEDULE: '30 * * * * *'
  TRAINING_DATA_TRIGGER: trainingDataTrigger
  BLOB_TRIGGER_SOURCE: 'EventGrid'
  JOB_DEADLINE_MINUTES: '240'
  POLL_FIRST_SECONDS: '15'
  POLL_MAX_SECONDS: '300'
  CHECK_DELAY_SECONDS: '30'
  CHECK_DEADLINE_SECONDS: '600'
  CLAIM_SECONDS: '180'
  SLOT_LEASE_SECONDS: '300'
  RETRY_SECONDS: '30'
  HTTP_TIMEOUT_SECONDS: '60'
  RETENTION_SCHEDULE: '0 17 */6 * * *'
  RETENTION_DROPS_DAYS: '0'
  RETENTION_TRAINING_SETS_DAYS: '90'
  RETENTION_MODELS_DAYS: '365'
  RETENTION_MODELS_KEPT: '10'
  RETENTION_RUNS_DAYS: '0'
  RETENTION_DEAD_LETTERS_DAYS: '90'
  RETENTION_UNCLAIMED_DAYS: '90'
  RETENTION_AUDIT_DAYS: '0'
  MAX_TRAINING_SET_BYTES: '1073741824'
  MAX_MODEL_BYTES: '536870912'
  ALLOWED_HOSTS: '.azureml.net,.blob.${environment().suffixes.storage}'
  ALLOWED_WEBHOOK_HOSTS: ''
  DEVELOPMENT_LOOPBACK: 'false'
}

resource allSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(hostSettings, appSettings, settings)
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
