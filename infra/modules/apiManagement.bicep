@description('Name of the service: its address is NAME.azure-api.net')
param name string

@description('Where it lives')
param location string

@description('Tags of every resource')
param tags object

@description('Tier. Consumption has no developer portal')
@allowed(['Developer', 'BasicV2', 'StandardV2', 'Basic', 'Standard', 'Premium', 'Consumption'])
param sku string

@description('Shown in the developer portal')
param publisherName string

@description('Gets the service\'s own mails')
param publisherEmail string

@description('Resource id of the identity that reads Key Vault and sends telemetry')
param identityId string

@description('Client id of the same identity')
param identityClientId string

@description('Resource id of Application Insights')
param insightsId string

@description('Connection string of Application Insights')
param insightsConnectionString string

@description('Address of the web services')
param webServiceUrl string

@description('Whether the endpoint\'s key comes from Key Vault, in place of the caller\'s')
param injectsEndpointKey bool

@description('Address of the vault')
param keyVaultUri string

@description('Name of the secret with the endpoint\'s key')
param endpointKeySecret string

resource service 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    capacity: sku == 'Consumption' ? 0 : 1
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    publisherName: publisherName
    publisherEmail: publisherEmail
  }
}

resource logger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'application-insights'
  properties: {
    loggerType: 'applicationInsights'
    description: 'Application Insights, by identity'
    resourceId: insightsId
    credentials: {
      connectionString: insightsConnectionString
      identityClientId: identityClientId
    }
  }
}

// Without a version in the address a changed secret is taken over within four hours.
resource endpointKey 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = if (injectsEndpointKey) {
  parent: service
  name: 'endpoint-key'
  properties: {
    displayName: 'endpoint-key'
    secret: true
    keyVault: {
      secretIdentifier: '${keyVaultUri}secrets/${endpointKeySecret}'
      identityClientId: identityClientId
    }
  }
}

// Tier Consumption knows no circuit breaker.
resource plainWebServices 'Microsoft.ApiManagement/service/backends@2024-05-01' = if (sku == 'Consumption') {
  parent: service
  name: 'web-services'
  properties: {
    title: 'ML Studio (classic) web services'
    url: webServiceUrl
    protocol: 'http'
  }
}

resource webServices 'Microsoft.ApiManagement/service/backends@2024-05-01' = if (sku != 'Consumption') {
  parent: service
  name: 'web-services'
  properties: {
    title: 'ML Studio (classic) web services'
    url: webServiceUrl
    protocol: 'http'
    circuitBreaker: {
      rules: [
        {
          name: 'server-errors'
          acceptRetryAfter: true
          tripDuration: 'PT1M'
          failureCondition: {
            count: 10
            interval: 'PT1M'
            statusCodeRanges: [
              {
                min: 500
                max: 599
              }
            ]
          }
        }
      ]
    }
  }
}

output name string = service.name
output gatewayUrl string = service.properties.gatewayUrl
