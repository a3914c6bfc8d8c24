@description('Name of the workspace and of Application Insights')
param name string

@description('Where they live')
param location string

@description('Tags of every resource')
param tags object

@description('Days that logs are kept; the first 30 cost nothing')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Most gigabytes of logs a day; -1 for no cap')
param dailyCapGb int

@description('Object ids of those who send telemetry: keys are refused')
param publisherIds array

@description('GUID of the role Monitoring Metrics Publisher')
param publisherRoleId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: 'log-${name}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGb }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principalId in publisherIds: {
  name: guid(insights.id, principalId, publisherRoleId)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', publisherRoleId)
  }
}]

output id string = insights.id
output connectionString string = insights.properties.ConnectionString
