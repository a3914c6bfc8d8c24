@description('Where everything lives')
param location string

@description('Tags of every resource')
param tags object

@description('End of every resource\'s name')
param token string

@description('Gets the alerts by mail')
param administratorEmail string

@description('Object id of who sets the app up: may write secrets, drops and settings. Empty for nobody')
param operatorId string

@description('What operatorId is')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string

@description('How drops are announced: events (Event Grid to a queue, files of any size) or blob (the blob trigger, two passes)')
@allowed(['events', 'blob'])
param trainingDataTrigger string

@description('Second pass of the blob trigger: true once the code is deployed')
param appIsDeployed bool

@description('Whether the app itself may store the keys of endpoints it makes; without it it only reads them')
param appWritesSecrets bool

@description('Replication of the account with drops and models')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param dataRedundancy string

@description('Memory of an instance in MB')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Most instances at once')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Settings of the app by name, in place of the defaults')
param settings object

@description('The app\'s identity: id, principalId, clientId')
param identity object

@description('Application Insights: id, connectionString')
param insights object

@description('The vault: name, uri')
param vault object

var roles = loadJsonContent('../roles.json')
var packageContainer = 'app-package'
var eventQueue = 'training-data-events'
var eventDeadLetters = 'event-dead-letters'

// The Functions host's own state and the app's package: nothing of a customer.
module hostStorage 'storage.bicep' = {
  name: 'host-storage'
  params: {
    name: 'sthost${token}'
    location: location
    tags: tags
    redundancy: 'Standard_LRS'
    containers: [packageContainer]
  }
}

module dataStorage 'storage.bicep' = {
  name: 'data-storage'
  params: {
    name: 'stdata${token}'
    location: location
    tags: tags
    redundancy: dataRedundancy
    containers: ['training-data', 'training-sets', 'models', 'holdouts', 'details', eventDeadLetters]
    queues: ['training-jobs', 'endpoint-updates', 'start-requests', 'webhooks', eventQueue]
    tables: ['customers', 'models', 'webservices', 'slots', 'waiting', 'unclaimed', 'deadLetters', 'cursors', 'controls', 'schedules', 'audit', 'webhooks', 'subscriptions', 'usage', 'counters']
  }
}

module hostRoles 'storageRoles.bicep' = {
  name: 'host-roles'
  params: {
    accountName: hostStorage.outputs.name
    principalId: identity.principalId
    roleIds: [roles.storageBlobDataOwner, roles.storageQueueDataContributor, roles.storageTableDataContributor]
  }
}

// The blob roles include asking for a user-delegation key, which signs the SAS of jobs' inputs.
module dataRoles 'storageRoles.bicep' = {
  name: 'data-roles'
  params: {
    accountName: dataStorage.outputs.name
    principalId: identity.principalId
    roleIds: [
      trainingDataTrigger == 'blob' ? roles.storageBlobDataOwner : roles.storageBlobDataContributor
      roles.storageQueueDataContributor
      roles.storageTableDataContributor
    ]
  }
}

module operatorRoles 'storageRoles.bicep' = if (!empty(operatorId)) {
  name: 'operator-roles'
  params: {
    accountName: dataStorage.outputs.name
    principalId: operatorId
    principalType: operatorType
    roleIds: [roles.storageBlobDataContributor, roles.storageQueueDataContributor, roles.storageTableDataContributor]
  }
}

module appSecrets 'keyVaultRole.bicep' = {
  name: 'app-secrets'
  params: {
    vaultName: vault.name
    principalId: identity.principalId
    roleId: appWritesSecrets ? roles.keyVaultSecretsOfficer : roles.keyVaultSecretsUser
  }
}

module operatorSecrets 'keyVaultRole.bicep' = if (!empty(operatorId)) {
  name: 'operator-secrets'
  params: {
    vaultName: vault.name
    principalId: operatorId
    principalType: operatorType
    roleId: roles.keyVaultSecretsOfficer
  }
}

module app 'functionApp.bicep' = {
  name: 'function-app'
  params: {
    name: 'func-${token}'
    location: location
    tags: tags
    identityId: identity.id
    identityClientId: identity.clientId
    hostAccountName: hostStorage.outputs.name
    packageContainer: packageContainer
    dataUris: {
      blob: dataStorage.outputs.blobServiceUri
      queue: dataStorage.outputs.queueServiceUri
      table: dataStorage.outputs.tableServiceUri
    }
    keyVaultUri: vault.uri
    insightsConnectionString: insights.connectionString
    trainingDataTrigger: trainingDataTrigger
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    settings: settings
  }
  dependsOn: [hostRoles, dataRoles, appSecrets]
}

module events 'events.bicep' = {
  name: 'events'
  params: {
    accountName: dataStorage.outputs.name
    location: location
    tags: tags
    trainingDataTrigger: trainingDataTrigger
    appIsDeployed: appIsDeployed
    functionAppName: app.outputs.name
    queueName: eventQueue
    deadLetterContainer: eventDeadLetters
    roleIds: [roles.storageQueueDataMessageSender, roles.storageBlobDataContributor]
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    administratorEmail: administratorEmail
    insightsId: insights.id
    accountName: dataStorage.outputs.name
  }
}

output functionAppName string = app.outputs.name
output functionAppUrl string = app.outputs.url
output dataAccountName string = dataStorage.outputs.name
