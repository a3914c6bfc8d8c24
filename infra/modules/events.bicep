@description('The account whose container training-data is watched')
param accountName string

@description('Where it lives: the account\'s own region')
param location string

@description('Tags of every resource')
param tags object

@description('events: to the queue, in one pass. blob: to the blob trigger, once the app\'s code is there')
@allowed(['events', 'blob'])
param trainingDataTrigger string

@description('Whether the code is deployed: the blob trigger has to answer a handshake first')
param appIsDeployed bool

@description('Name of the Function App with the blob trigger')
param functionAppName string

@description('Queue that the events go to')
param queueName string

@description('Container for events that could not be delivered')
param deadLetterContainer string

@description('GUIDs of the roles that deliver events and keep undelivered ones')
param roleIds array

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: accountName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-${accountName}'
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

module roles 'storageRoles.bicep' = {
  name: 'event-roles'
  params: {
    accountName: accountName
    principalId: topic.identity.principalId
    roleIds: roleIds
  }
}

var filter = {
  includedEventTypes: ['Microsoft.Storage.BlobCreated']
  subjectBeginsWith: '/blobServices/default/containers/training-data/blobs/'
  isSubjectCaseSensitive: true
}

var retryPolicy = {
  maxDeliveryAttempts: 30
  eventTimeToLiveInMinutes: 1440
}

var deadLetters = {
  identity: { type: 'SystemAssigned' }
  deadLetterDestination: {
    endpointType: 'StorageBlob'
    properties: {
      resourceId: account.id
      blobContainerName: deadLetterContainer
    }
  }
}

resource toQueue 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (trainingDataTrigger == 'events') {
  parent: topic
  name: 'training-data-to-queue'
  properties: {
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: account.id
          queueName: queueName
          queueMessageTimeToLiveInSeconds: -1
        }
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: filter
    retryPolicy: retryPolicy
    deadLetterWithResourceIdentity: deadLetters
  }
  dependsOn: [roles]
}

// A module of its own: a key that is not there yet is not asked for while the condition is false.
module toTrigger 'eventsToTrigger.bicep' = if (trainingDataTrigger == 'blob' && appIsDeployed) {
  name: 'events-to-trigger'
  params: {
    topicName: topic.name
    functionAppName: functionAppName
    filter: filter
    retryPolicy: retryPolicy
    deadLetters: deadLetters
  }
  dependsOn: [roles]
}
