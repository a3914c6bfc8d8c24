@description('Name of the API Management service')
param serviceName string

@description('inject: the endpoint\'s key comes from Key Vault. passThrough: the caller sends it, as in the guide')
@allowed(['inject', 'passThrough'])
param endpointKeyMode string

@description('Names of the subscriptions of product Starter, one for each customer')
param subscriptions array

@description('Percentage of calls that are logged whole; errors always are')
@minValue(0)
@maxValue(100)
param loggedPercentage int

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource logger 'Microsoft.ApiManagement/service/loggers@2024-05-01' existing = {
  parent: service
  name: 'application-insights'
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'azureml-demo'
  properties: {
    displayName: 'AzureML Demo API'
    description: 'Request-response and batch execution of ML Studio (classic) web services'
    path: 'azureml-demo'
    protocols: ['https']
    subscriptionRequired: true
    subscriptionKeyParameterNames: {
      header: 'Ocp-Apim-Subscription-Key'
      query: 'subscription-key'
    }
  }
}

// The guide's five operations, with its own URL templates.
var operations = [
  {
    id: 'rrs-execute'
    name: 'RRS Execute'
    method: 'POST'
    urlTemplate: '/workspaces/{workspace}/services/{service}/execute?api-version={apiversion}&details={details}'
    parameters: ['workspace', 'service', 'apiversion', 'details']
  }
  {
    id: 'bes-submit'
    name: 'BES Submit'
    method: 'POST'
    urlTemplate: '/workspaces/{workspace}/services/{service}/jobs?api-version={apiversion}'
    parameters: ['workspace', 'service', 'apiversion']
  }
  {
    id: 'bes-start'
    name: 'BES Start'
    method: 'POST'
    urlTemplate: '/workspaces/{workspace}/services/{service}/jobs/{jobid}/start?api-version={apiversion}'
    parameters: ['workspace', 'service', 'jobid', 'apiversion']
  }
  {
    id: 'bes-status'
    name: 'BES Status'
    method: 'GET'
    urlTemplate: '/workspaces/{workspace}/services/{service}/jobs/{jobid}?api-version={apiversion}'
    parameters: ['workspace', 'service', 'jobid', 'apiversion']
  }
  {
    id: 'bes-delete'
    name: 'BES Delete'
    method: 'DELETE'
    urlTemplate: '/workspaces/{workspace}/services/{service}/jobs/{jobid}?api-version={apiversion}'
    parameters: ['workspace', 'service', 'jobid', 'apiversion']
  }
]

resource operation 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' = [for each in operations: {
  parent: api
  name: each.id
  properties: {
    displayName: each.name
    method: each.method
    urlTemplate: each.urlTemplate
    templateParameters: [for parameter in each.parameters: {
      name: parameter
      type: 'string'
      required: true
    }]
    responses: [
      {
        statusCode: 200
        description: 'OK'
      }
    ]
  }
}]

resource apiPolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: api
  name: 'policy'
  properties: {
    format: 'xml'
    value: endpointKeyMode == 'inject' ? loadTextContent('../policies/api-inject.xml') : loadTextContent('../policies/api-passThrough.xml')
  }
}

// Own products: the built-in ones are not in every tier. Limits are those of gateway/products.json.
resource starter 'Microsoft.ApiManagement/service/products@2024-05-01' = {
  parent: service
  name: 'azureml-starter'
  properties: {
    displayName: 'AzureML Starter'
    description: '5 calls a minute, 100 calls a week'
    subscriptionRequired: true
    approvalRequired: false
    state: 'published'
  }
}

resource starterPolicy 'Microsoft.ApiManagement/service/products/policies@2024-05-01' = {
  parent: starter
  name: 'policy'
  properties: {
    format: 'xml'
    value: loadTextContent('../policies/product-starter.xml')
  }
}

resource starterApi 'Microsoft.ApiManagement/service/products/apis@2024-05-01' = {
  parent: starter
  name: api.name
}

resource unlimited 'Microsoft.ApiManagement/service/products@2024-05-01' = {
  parent: service
  name: 'azureml-unlimited'
  properties: {
    displayName: 'AzureML Unlimited'
    description: 'No limits; each subscription is approved by an administrator'
    subscriptionRequired: true
    approvalRequired: true
    state: 'published'
  }
}

resource unlimitedPolicy 'Microsoft.ApiManagement/service/products/policies@2024-05-01' = {
  parent: unlimited
  name: 'policy'
  properties: {
    format: 'xml'
    value: loadTextContent('../policies/product-unlimited.xml')
  }
}

resource unlimitedApi 'Microsoft.ApiManagement/service/products/apis@2024-05-01' = {
  parent: unlimited
  name: api.name
}

// Keys are never outputs: az rest --method post --uri ID/listSecrets?api-version=2024-05-01
resource subscription 'Microsoft.ApiManagement/service/subscriptions@2024-05-01' = [for name in subscriptions: {
  parent: service
  name: name
  properties: {
    displayName: name
    scope: starter.id
    state: 'active'
  }
}]

// A key that comes in the query is not logged with the address.
var hidden = { queryParams: [{ value: 'subscription-key', mode: 'Hide' }] }

resource diagnostics 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01' = {
  parent: api
  name: 'applicationinsights'
  properties: {
    loggerId: logger.id
    alwaysLog: 'allErrors'
    httpCorrelationProtocol: 'W3C'
    metrics: true
    sampling: {
      samplingType: 'fixed'
      percentage: loggedPercentage
    }
    frontend: {
      request: { body: { bytes: 0 }, dataMasking: hidden }
      response: { body: { bytes: 0 } }
    }
    backend: {
      request: { body: { bytes: 0 } }
      response: { body: { bytes: 0 } }
    }
  }
}
