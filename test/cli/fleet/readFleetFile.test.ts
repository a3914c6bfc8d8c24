import { expect, test } from 'vitest'
import { parseFleet } from '../../../cli/fleet/readFleetFile.ts'

const placed = (text: string) =>
  parseFleet(text).problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`)

test('a file is read as it is, YAML or JSON', () => {
  const yaml = 'defaults: {quietSeconds: 5}\ncustomers:\n  contoso: [census]\n  fabrikam:\n    census:\n'
  const json = JSON.stringify({
    defaults: { quietSeconds: 5 },
    customers: { contoso: ['census'], fabrikam: { census: null } },
  })
  expect(parseFleet(yaml)).toMatchObject({ problems: [], file: JSON.parse(json) })
  expect(parseFleet(json).file).toEqual(parseFleet(yaml).file)
})

test('everything that is wrong is said at once, each with line and column', () => {
  const text = `defaults:
  quietSeconds: soon
  colour: red
customers:
  Contoso: [census]
  fabrikam:
    census:
      gate: {kind: limits, limits: [AUC good]}
      schedule:
        cron: every day
    census:
      endpoint: x
`
  expect(placed(text)).toEqual([
    '2:17 defaults.quietSeconds: Invalid input: expected number, received string',
    '3:3 defaults.colour: there is no such field',
    '5:3 customers.Contoso: lower-case letters, digits and dashes, at most 63',
    '11:5 : the key is there twice',
  ])
})

test('limits and schedules that are none are found inside a customer', () => {
  const text = `customers:
  fabrikam:
    census:
      gate: {kind: limits, limits: [AUC good]}
      schedule:
        cron: every day
      probe: {}
`
  expect(placed(text)).toEqual([
    '4:37 customers.fabrikam.census.gate.limits[0]: limits such as AUC >= live - 0.005: expected >=, >, <=, < or "no more than" but the text ends, at character 9',
    '6:15 customers.fabrikam.census.schedule.cron: it has 2 fields and takes six, second minute hour day month day-of-week: 0 30 2 * * * is every night at 02:30',
    '7:7 customers.fabrikam.census.probe: there is no such field',
  ])
})

test('a key in the place of its reference is refused, and never repeated', () => {
  const text = `services:
  predictive:
    census: {managementUrl: https://m/workspaces/w/webservices/s, token: geheim-geheim}
`
  expect(placed(text)).toEqual([
    '3:74 services.predictive.census.token: a reference: env:NAME, file:NAME or keyvault:NAME',
  ])
})

test('broken YAML is said with its place and nothing more', () => {
  expect(placed('customers:\n  contoso: [census\n')).toEqual([expect.stringMatching(/^3:1 : /)])
})

test('what anchors share is found where it stands', () => {
  const text = `models:
  census: &base
    quietSeconds: 5
customers:
  contoso:
    census:
      <<: *base
      maxQuietSeconds: -1
`
  expect(placed(text)).toEqual([
    '8:24 customers.contoso.census.maxQuietSeconds: Too small: expected number to be >=0',
  ])
})

test('an empty file is no fleet without customers: with --prune it would off-board everybody', () => {
  expect(placed('')).toEqual(['1:1 : the file is empty'])
  expect(placed('# cut off\n')).toEqual(['1:1 : the file is empty'])
})

test('a field that has to be there is said to be missing', () => {
  const text = 'customers:\n  contoso: {census: {webhook: {url: https://a.example}}}\n'
  expect(placed(text)).toEqual(['2:22 customers.contoso.census.webhook.secret: has to be there'])
})

test.each([
  ['https://10.0.0.1/x', false],
  ['https://[fd00::1]/x', false],
  ['http://a.example/x', false],
  ['https://a.example/x', true],
  ['http://127.0.0.1:8099/x', true],
])('a webhook at %s: %s', (url, isFine) => {
  const text = `customers:\n  contoso: {census: {webhook: {url: '${url}', secret: 'keyvault:a'}}}\n`
  const said =
    '2:37 customers.contoso.census.webhook.url: https and a name, no address (this machine in development only)'
  expect(placed(text)).toEqual(isFine ? [] : [said])
})

test.each([
  ['quietSecond', 'there is no such field; did you mean quietSeconds?'],
  ['predictivService', 'there is no such field; did you mean predictiveService?'],
  ['Gate', 'there is no such field; did you mean gate?'],
  ['colour', 'there is no such field'],
])('a field %s: %s', (name, message) => {
  expect(placed(`defaults: {${name}: 1}\n`)).toEqual([`1:12 defaults.${name}: ${message}`])
})

test('a customer of nothing is told what is expected', () => {
  expect(placed('customers:\n  contoso:\n')).toEqual([
    '2:11 customers.contoso: its models: a list of names, or each name with its settings',
  ])
})

test.each<[defaults: string, isChecked: boolean]>([
  ['gate: {kind: limits, limits: [AUC good]}', true],
  ['quietSeconds: soon', true],
  ['colour: red', true],
  ['trainingService: 7', false],
  ['predictivService: census', false],
])('with wrong defaults {%s} the names of its models are checked all the same: %s', (defaults, isChecked) => {
  const { file, rest } = parseFleet(`defaults: {${defaults}}\ncustomers: {contoso: [census]}\n`)
  expect(file).toBeUndefined()
  expect(rest).toEqual(isChecked ? { defaults: {}, customers: { contoso: ['census'] } } : undefined)
})
