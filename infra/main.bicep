targetScope = 'subscription'

@description('Name of this installation; resources are named after it')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region of all resources: one with Flex Consumption')
param location string

@description('Gets the alerts by mail')
param administratorEmail string

@description('Object id of who sets the app up: may write secrets, drops and settings. Empty for nobody')
param operatorId string = ''

@description('What operatorId is')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string = 'User'

@description('How drops are announced: events (Event Grid to a queue, files of any size) or blob (the blob trigger, two passes)')
@allowed(['events', 'blob'])
param trainingDataTrigger string = 'events'

@description('Second pass of the blob trigger: true once the code is deployed')
param appIsDeployed bool = false

@description('Whether the app itself may store the keys of endpoints it makes; without it it only reads them')
param appWritesSecrets bool = false

@description('Replication of the account with drops and models')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param dataRedundancy string = 'Standard_LRS'

@description('Memory of an instance in MB')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances at once')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Settings of the app by name, in place of the defaults')
param settings object = {}

@description('Days that logs are kept')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Most gigabytes of logs a day; -1 for no cap')
param logDailyCapGb int = 1

@description('Whether API Management is set up in front of the web services')
param apiManagement bool = false

@description('Tier of API Management; Consumption has no developer portal')
@allowed(['Developer', 'BasicV2', 'StandardV2', 'Basic', 'Standard', 'Premium', 'Consumption'])
param apiManagementSku string = 'BasicV2'

@description('Organization name in the developer portal')
param publisherName string = 'Retraining'

@description('Address of the web services behind API Management')
param webServiceUrl string = 'https://ussouthcentral.services.azureml.net'

@description('passThrough: callers send the endpoint\'s key, as in the guide. inject: it comes from Key Vault')
@allowed(['passThrough', 'inject'])
param endpointKeyMode string = 'passThrough'

@description('inject: name of the secret with the endpoint\'s key, written to the vault before')
param endpointKeySecret string = 'azureml-endpoint-key'

@description('Subscriptions of product Starter to make, one for each customer')
param apiSubscriptions array = ['sample']

var tags = { 'azd-env-name': environmentName }
var token = toLower(uniqueString(subscription().id, environmentName, location))
var roles = loadJsonContent('roles.json')

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module appIdentity 'modules/identity.bicep' = {
  name: 'app-identity'
  scope: group
  params: {
    name: 'id-app-${token}'
    location: location
    tags: tags
  }
}

module apiIdentity 'modules/identity.bicep' = {
  name: 'api-identity'
  scope: group
  params: {
    name: 'id-api-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    name: token
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
    publisherIds: [appIdentity.outputs.principalId, apiIdentity.outputs.principalId]
    publisherRoleId: roles.monitoringMetricsPublisher
  }
}

module keyVault 'modules/keyVault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
  }
}

module retraining 'modules/retraining.bicep' = {
  name: 'retraining'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    administratorEmail: administratorEmail
    operatorId: operatorId
    operatorType: operatorType
    trainingDataTrigger: trainingDataTrigger
    appIsDeployed: appIsDeployed
    appWritesSecrets: appWritesSecrets
    dataRedundancy: dataRedundancy
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    settings: settings
    identity: {
      id: appIdentity.outputs.id
      principalId: appIdentity.outputs.principalId
      clientId: appIdentity.outputs.clientId
    }
    insights: {
      id: monitoring.outputs.id
      connectionString: monitoring.outputs.connectionString
    }
    vault: {
      name: keyVault.outputs.name
      uri: keyVault.outputs.uri
    }
  }
}

module gateway 'modules/gateway.bicep' = if (apiManagement) {
  name: 'gateway'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    administratorEmail: administratorEmail
    apiManagementSku: apiManagementSku
    publisherName: publisherName
    webServiceUrl: webServiceUrl
    endpointKeyMode: endpointKeyMode
    endpointKeySecret: endpointKeySecret
    apiSubscriptions: apiSubscriptions
    identity: {
      id: apiIdentity.outputs.id
      principalId: apiIdentity.outputs.principalId
      clientId: apiIdentity.outputs.clientId
    }
    insights: {
      id: monitoring.outputs.id
      connectionString: monitoring.outputs.connectionString
    }
    vault: {
      name: keyVault.outputs.name
      uri: keyVault.outputs.uri
    }
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = retraining.outputs.functionAppName
output FUNCTION_APP_URL string = retraining.outputs.functionAppUrl
output DATA_ACCOUNT_NAME string = retraining.outputs.dataAccountName
output KEY_VAULT_NAME string = keyVault.outputs.name
output API_MANAGEMENT_URL string = apiManagement ? gateway.outputs.url : ''
