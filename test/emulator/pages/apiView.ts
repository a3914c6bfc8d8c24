import type { ApiView } from '../../../emulator/pages/view.ts'

const ids = { workspace: 'a'.repeat(32), service: 'b'.repeat(32), endpoint: 'c'.repeat(32) }

/** An endpoint `contoso` of a predictive web service, as pages and swagger documents get it. */
export const scoring: ApiView = {
  baseUrl: 'http://127.0.0.1:8150',
  service: {
    id: ids.service,
    workspaceId: ids.workspace,
    name: 'Fruit [predictive exp.]',
    description: 'Which fruit is good',
    kind: 'predictive',
    createdAt: '2016-01-29T13:27:14.153Z',
    endpointCount: 2,
  },
  endpoint: {
    id: ids.endpoint,
    name: 'contoso',
    description: 'of Contoso',
    isDefault: false,
    throttleLevel: 'High',
    maxConcurrentCalls: 20,
    diagnosticsTraceLevel: 'None',
    sampleDataEnabled: true,
    resources: ['Fruit [trained model]'],
  },
  inputs: [
    {
      name: 'input1',
      columns: [
        { name: 'size', type: 'Double' },
        { name: 'colour', type: 'String', levels: ['green', 'red'] },
      ],
      sample: ['12.5', 'green'],
    },
  ],
  outputs: [
    {
      name: 'output1',
      kind: 'table',
      columns: [
        { name: 'size', type: 'Double' },
        { name: 'colour', type: 'String', levels: ['green', 'red'] },
        { name: 'Scored Labels', type: 'String', levels: ['no', 'yes'] },
        { name: 'Scored Probabilities', type: 'Double' },
      ],
      sample: ['12.5', 'green', 'yes', '0.91'],
    },
  ],
  parameters: [],
}

/** The endpoint of the training web service that goes with it. */
export const training: ApiView = {
  ...scoring,
  service: { ...scoring.service, name: 'Fruit', kind: 'training' },
  endpoint: { ...scoring.endpoint, name: 'default', isDefault: true, resources: [] },
  inputs: [
    {
      name: 'input1',
      columns: [
        { name: 'size', type: 'Double' },
        { name: 'good', type: 'String' },
      ],
      sample: ['0', 'value'],
    },
  ],
  outputs: [
    { name: 'output1', kind: 'model' },
    { name: 'output2', kind: 'dataset' },
  ],
  parameters: [{ name: 'Number of trees', default: 100 }, { name: 'Database server name' }],
}

/** Text that breaks out of an attribute, an element and a script wherever it is not escaped. */
export const hostileText = `"'><script>alert(1)</script>&amp;\`\${x}</pre>`

/** The scoring endpoint with hostile text wherever other people's text goes. */
export const hostile: ApiView = {
  ...scoring,
  service: { ...scoring.service, name: `service ${hostileText}`, description: `about ${hostileText}` },
  endpoint: {
    ...scoring.endpoint,
    description: `endpoint ${hostileText}`,
    resources: [`resource ${hostileText}`],
  },
  inputs: [
    {
      name: `port ${hostileText}`,
      columns: [{ name: `column ${hostileText}`, type: 'String', levels: [`level ${hostileText}`] }],
      sample: [`cell ${hostileText}`],
    },
  ],
  parameters: [{ name: `parameter ${hostileText}`, default: hostileText }],
}
