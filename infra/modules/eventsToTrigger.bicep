@description('System topic of the account')
param topicName string

@description('Name of the Function App with the blob trigger; its code is deployed')
param functionAppName string

@description('Which events')
param filter object

@description('How often delivery is tried')
param retryPolicy object

@description('Where undelivered events go, and as whom')
param deadLetters object

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

// The host makes the key when it first loads a blob trigger of this kind.
var key = listKeys('${app.id}/host/default', '2024-04-01').systemKeys.blobs_extension

resource toTrigger 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'training-data-to-trigger'
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: 'https://${app.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.trainingData&code=${key}'
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: filter
    retryPolicy: retryPolicy
    deadLetterWithResourceIdentity: deadLetters
  }
}
