import { expect, test } from 'vitest'
import { judgeEndpoint } from '../../../shared/retraining/preflight.ts'

const endpoint = { url: 'https://m/e', scoringUrl: 'https://s/e', apiKey: 'env:K', resourceName: 'M' }
const description = { name: 'e', isDefault: false, preventUpdate: false, resources: [] }
const resource = (name: string) => ({ name, baseLocation: 'b', relativeLocation: 'r' })
test.each([
  ['gone', 'gone', 'there is no endpoint at https://m/e'],
  ['default', { ...description, isDefault: true }, "e is the default endpoint, which can't be updated"],
  ['refusing', { ...description, preventUpdate: true }, 'the endpoint e is set to refuse updates'],
  ['without resources', description, 'the endpoint e has no resource "M"; it has no updatable resource'],
  [
    'with other resources',
    { ...description, resources: [resource('A'), resource('B')] },
    'the endpoint e has no resource "M"; it has "A", "B"',
  ],
] as const)('judgeEndpoint: an endpoint that is %s', (_when, given, reason) => {
  const mutable = given === 'gone' ? given : { ...given, resources: [...given.resources] }
  expect(judgeEndpoint(endpoint, mutable)).toEqual({ kind: 'unfit', reason })
})
