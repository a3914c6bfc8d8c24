import { expect, test } from 'vitest'
import { matchOperation } from '../../gateway/operations.ts'
import { requestHeaders, responseHeaders } from '../../gateway/proxy/headers.ts'
import { readTarget } from '../../gateway/proxy/target.ts'

const api = '/azureml-demo/workspaces/w1/services/s1'

const found: [method: string, path: string, id: string, behind: string][] = [
  ['POST', `${api}/execute`, 'rrs-execute', '/workspaces/w1/services/s1/execute'],
  ['POST', `${api}/jobs`, 'bes-submit', '/workspaces/w1/services/s1/jobs'],
  ['POST', `${api}/jobs/j-1/start`, 'bes-start', '/workspaces/w1/services/s1/jobs/j-1/start'],
  ['GET', `${api}/jobs/j-1`, 'bes-status', '/workspaces/w1/services/s1/jobs/j-1'],
  ['DELETE', `${api}/jobs/j-1`, 'bes-delete', '/workspaces/w1/services/s1/jobs/j-1'],
  [
    'POST',
    `/AzureML-Demo/Workspaces/W1/services/s1/Execute`,
    'rrs-execute',
    '/Workspaces/W1/services/s1/Execute',
  ],
]
test.each(found)('%s %s is %s', (method, path, id, behind) => {
  const match = matchOperation(method, path)
  expect([match?.operation.id, match?.path]).toEqual([id, behind])
})

const strangers: [method: string, path: string][] = [
  ['GET', `${api}/execute`],
  ['PUT', `${api}/jobs`],
  ['PATCH', `${api}/jobs/j1`],
  ['POST', '/azureml-demo'],
  ['POST', '/azureml-demo/admin/faults'],
  ['POST', '/workspaces/w1/services/s1/execute'],
  ['POST', '/azureml-demo/workspaces/w1/services/../../../admin/execute'],
  ['POST', '/azureml-demo/workspaces/../services/s1/execute'],
  ['POST', '/azureml-demo/workspaces/%2e%2e/services/s1/execute'],
  ['POST', '/azureml-demo/workspaces/w1%2f..%2f/services/s1/execute'],
  ['POST', '/azureml-demo/workspaces/w1\\..\\x/services/s1/execute'],
  ['POST', '/azureml-demo/workspaces//services/s1/execute'],
  ['POST', '//azureml-demo/workspaces/w1/services/s1/execute'],
  ['POST', `${api}/execute/`],
  ['POST', `${api}/execute\r\nX: y`],
  ['POST', `http://evil.example${api}/execute`],
  ['POST', `${api}/execute#x`],
  ['GET', `${api}/jobs/${'j'.repeat(200)}`],
]
test.each(strangers)('%s %s is no operation', (method, path) => {
  expect(matchOperation(method, path)).toBeUndefined()
})

const targets: [url: string, query: string, key: string | undefined][] = [
  ['/a?api-version=2.0&details=true', 'api-version=2.0&details=true', undefined],
  ['/a?subscription-key=k&api-version=2.0', 'api-version=2.0', 'k'],
  ['/a?api-version=2.0&Subscription-Key=k&subscription-key=l', 'api-version=2.0', 'k'],
  ['/a?subscription%2Dkey=k%20l', '', 'k l'],
  ['/a?subscription-key', '', ''],
  ['/a?x=%zz&subscription-key=k', 'x=%zz', 'k'],
  ['/a?x=é"', 'x=%E9%22', undefined],
]
test.each(targets)('readTarget: %s', (url, query, key) => {
  expect(readTarget(url)).toEqual({ path: '/a', query, key })
})

test('headers of the connection, of the gateway and the subscription key stay behind', () => {
  const raw = ['Host', 'g', 'Connection', 'close, X-Mine', 'X-Mine', '1', 'Transfer-Encoding', 'chunked']
  raw.push('OCP-APIM-Subscription-Key', 'k', 'Expect', '100-continue', 'TE', 'trailers', 'Upgrade', 'h2c')
  raw.push(
    'x-gateway-trace',
    'true',
    'Content-Length',
    '3',
    'Authorization',
    'Bearer e',
    'Accept',
    'a',
    'Accept',
    'b',
  )
  expect(requestHeaders(raw)).toEqual(['Authorization', 'Bearer e', 'Accept', 'a', 'Accept', 'b'])
})

test('an injected key takes the place of the caller’s', () => {
  expect(requestHeaders(['authorization', 'Bearer mine', 'A', '1'], 'Bearer theirs')).toEqual([
    'A',
    '1',
    'Authorization',
    'Bearer theirs',
  ])
})

test('answers keep repeated headers and lose those of the connection', () => {
  const raw = ['Set-Cookie', 'a', 'Set-Cookie', 'b', 'Keep-Alive', 'timeout=5', 'Connection', 'keep-alive']
  expect(responseHeaders(raw)).toEqual(['Set-Cookie', 'a', 'Set-Cookie', 'b'])
})
