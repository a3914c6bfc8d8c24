@description('Where everything lives')
param location string

@description('Tags of every resource')
param tags object

@description('End of every resource\'s name')
param token string

@description('Gets the alerts by mail')
param administratorEmail string

@description('Tier of API Management; Consumption has no developer portal')
@allowed(['Developer', 'BasicV2', 'StandardV2', 'Basic', 'Standard', 'Premium', 'Consumption'])
param apiManagementSku string

@description('Organization name in the developer portal')
param publisherName string

@description('Address of the web services behind API Management')
param webServiceUrl string

@description('passThrough: callers send the endpoint\'s key, as in the guide. inject: it comes from Key Vault')
@allowed(['passThrough', 'inject'])
param endpointKeyMode string

@description('inject: name of the secret with the endpoint\'s key, written to the vault before')
param endpointKeySecret string

@description('Subscriptions of product Starter to make, one for each customer')
param apiSubscriptions array

@description('Percentage of API calls that are logged')
@minValue(0)
@maxValue(100)
param apiLoggedPercentage int = 10

@description('The identity of API Management: id, principalId, clientId')
param identity object

@description('Application Insights: id, connectionString')
param insights object

@description('The vault: name, uri')
param vault object

var roles = loadJsonContent('../roles.json')

// Before the named value that reads the vault.
module apiSecrets 'keyVaultRole.bicep' = {
  name: 'api-secrets'
  params: {
    vaultName: vault.name
    principalId: identity.principalId
    roleId: roles.keyVaultSecretsUser
  }
}

module apiService 'apiManagement.bicep' = {
  name: 'api-management'
  params: {
    name: 'apim-${token}'
    location: location
    tags: tags
    sku: apiManagementSku
    publisherName: publisherName
    publisherEmail: administratorEmail
    identityId: identity.id
    identityClientId: identity.clientId
    insightsId: insights.id
    insightsConnectionString: insights.connectionString
    webServiceUrl: webServiceUrl
    injectsEndpointKey: endpointKeyMode == 'inject'
    keyVaultUri: vault.uri
    endpointKeySecret: endpointKeySecret
  }
  dependsOn: [apiSecrets]
}

module api 'api.bicep' = {
  name: 'api'
  params: {
    serviceName: 'apim-${token}'
    endpointKeyMode: endpointKeyMode
    subscriptions: apiSubscriptions
    loggedPercentage: apiLoggedPercentage
  }
  dependsOn: [apiService]
}

output url string = apiService.outputs.gatewayUrl
