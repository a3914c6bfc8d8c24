@description('Where the rules live')
param location string

@description('Tags of every resource')
param tags object

@description('Who is mailed')
param administratorEmail string

@description('Resource id of Application Insights')
param insightsId string

@description('Name of the account with the queues')
param accountName string

@description('Minutes without a successful poll until it is reported')
@minValue(5)
param pollSilenceMinutes int = 15

@description('Minutes that an event may wait in its queue')
@minValue(1)
param queueAgeMinutes int = 15

@description('Messages that may wait in all queues, on average of an hour')
@minValue(1)
param queueBacklog int = 10000

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: accountName
}

resource mail 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-retrain'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'retrain'
    emailReceivers: [
      {
        name: 'administrator'
        emailAddress: administratorEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

// Each row: what is counted in the window, and when that is wrong. Texts are those the app logs.
var rules = [
  {
    name: 'last-poll'
    description: 'No successful poll of jobs for ${pollSilenceMinutes} minutes: runs stand still. Look at the app\'s state and at failed pollJobs'
    severity: 1
    query: 'requests | where name == "pollJobs" and success == true'
    windowMinutes: pollSilenceMinutes
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'queue-age'
    description: 'An event of training data waited longer than ${queueAgeMinutes} minutes before it was accepted'
    severity: 2
    query: 'traces | where operation_Name == "trainingData" and message startswith "Trigger Details:" | parse message with * "InsertedOn: " insertedOn:datetime * | where timestamp - insertedOn > ${queueAgeMinutes}m'
    windowMinutes: 15
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'poison'
    description: 'A message was given up on and listed as a dead letter. Read its reason, mend it, send it again'
    severity: 2
    query: 'traces | where message startswith "message buried:"'
    windowMinutes: 15
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'failed-runs'
    description: 'A retraining run failed; the live model stays. The line names customer, model and reason'
    severity: 3
    query: 'traces | where message startswith "run failed:"'
    windowMinutes: 15
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource rule 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [for each in rules: {
  name: 'retrain-${each.name}'
  location: location
  tags: tags
  properties: {
    displayName: 'retrain: ${each.name}'
    description: each.description
    enabled: true
    severity: each.severity
    scopes: [insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT${each.windowMinutes}M'
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: each.query
          timeAggregation: 'Count'
          operator: each.operator
          threshold: each.threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: { actionGroups: [mail.id] }
  }
}]

resource backlog 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'retrain-backlog'
  location: 'global'
  tags: tags
  properties: {
    description: 'More messages wait than are worked off; storage counts them once an hour'
    severity: 2
    enabled: true
    scopes: ['${account.id}/queueServices/default']
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'messages'
          metricNamespace: 'Microsoft.Storage/storageAccounts/queueServices'
          metricName: 'QueueMessageCount'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: queueBacklog
        }
      ]
    }
    actions: [{ actionGroupId: mail.id }]
  }
}
