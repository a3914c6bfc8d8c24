import { expect, test } from 'vitest'
import { startHostUnderTest } from '../hostUnderTest.ts'
import { containerNamed, unique } from '../storage.ts'
import { openWitness } from '../witness.ts'

test('an HTTP function gets method, route, query, headers and body, and its answer goes back whole', async () => {
  const host = await startHostUnderTest({ functions: ['echo'] })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const response = await fetch(`${host.url}/api/echo/a%20b?q=%C3%BC`, {
    method: 'POST',
    headers: { 'x-given': 'yes', traceparent },
    body: 'text',
  })
  expect(response.status).toBe(201)
  expect(response.headers.get('x-method')).toBe('POST')
  expect(response.headers.get('set-cookie')).toMatch(/^seen=yes; path=\//i)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  const body = (await response.json()) as { traceParent: string }
  expect(body).toMatchObject({ name: 'a b', query: 'ü', header: 'yes', body: 'text' })
  expect(body.traceParent).toContain('0af7651916cd43dd8448eb211c80319c')
})

test('a path without function and a method it does not take are 404', async () => {
  const host = await startHostUnderTest({ functions: ['echo'] })
  expect((await fetch(`${host.url}/api/none`)).status).toBe(404)
  expect((await fetch(`${host.url}/echo`)).status).toBe(404)
  expect((await fetch(`${host.url}/api/echo`, { method: 'DELETE' })).status).toBe(404)
})

test('the route prefix of host.json holds', async () => {
  const environment = { AzureFunctionsJobHost__extensions__http__routePrefix: 'v2' }
  const host = await startHostUnderTest({ functions: ['echo'], environment })
  expect((await fetch(`${host.url}/v2/echo`)).status).toBe(201)
  expect((await fetch(`${host.url}/api/echo`)).status).toBe(404)
})

test('a throw and an answer that is no object are 500 without a body; no answer is 204', async () => {
  const witness = await openWitness(({ input }) => {
    const what = new URL(input as string).searchParams.get('what')
    if (what === 'throw') return { do: 'throw', value: 'a secret' }
    return what === 'nothing' ? { do: 'return' } : { do: 'return', value: 'text' }
  })
  const host = await startHostUnderTest({ functions: ['ask'], environment: { WITNESS_URL: witness.url } })
  for (const [what, status] of [
    ['throw', 500],
    ['text', 500],
    ['nothing', 204],
  ]) {
    const response = await fetch(`${host.url}/api/ask?what=${what}`)
    expect([what, response.status, await response.text()]).toEqual([what, status, ''])
  }
})

test('with auth a function asks for its key, an admin function for the master key; without it neither does', async () => {
  const hostId = unique('host')
  const secrets = containerNamed('azure-webjobs-secrets')
  await secrets.createIfNotExists()
  const key = (name: string, value: string) => ({ name, value, encrypted: false })
  const stored = JSON.stringify({
    masterKey: key('master', 'M'),
    functionKeys: [key('default', 'H')],
    systemKeys: [key('blobs_extension', 'S')],
  })
  await secrets.getBlockBlobClient(`${hostId}/host.json`).upload(stored, stored.length)
  const host = await startHostUnderTest({ functions: ['locked', 'master', 'echo'], hostId, auth: true })
  const status = async (path: string, given?: string) =>
    (await fetch(`${host.url}${path}`, { headers: given === undefined ? {} : { 'x-functions-key': given } }))
      .status
  expect(await status('/api/locked')).toBe(401)
  expect(await status('/api/locked', 'wrong')).toBe(401)
  expect(await status('/api/locked', 'H')).toBe(200)
  expect(await status('/api/locked?code=H')).toBe(200)
  expect(await status('/api/locked?code=H', 'wrong')).toBe(401)
  expect(await status('/api/master', 'H')).toBe(401)
  expect(await status('/api/master', 'M')).toBe(200)
  expect(await status('/api/echo')).toBe(201)
  expect(await status('/admin/host/status')).toBe(401)
  const open = await startHostUnderTest({ functions: ['locked', 'master'] })
  expect((await fetch(`${open.url}/api/locked`)).status).toBe(200)
  expect((await fetch(`${open.url}/api/master`)).status).toBe(200)
})

const chunks = () => ReadableStream.from([Buffer.from('chu'), Buffer.from('nked')])
const postChunks = (url: string) => fetch(url, { method: 'POST', body: chunks(), duplex: 'half' })

test('a chunked body arrives in an app that streams, and is dropped in one that does not', async () => {
  const streaming = await startHostUnderTest({ functions: ['echo'], environment: { STREAMS: 'true' } })
  const arrived = await postChunks(`${streaming.url}/api/echo/name?q=1`)
  expect(arrived.status).toBe(201)
  expect(await arrived.json()).toMatchObject({ name: 'name', query: '1', body: 'chunked' })
  const plain = await startHostUnderTest({ functions: ['echo'] })
  const dropped = await postChunks(`${plain.url}/api/echo/name`)
  expect(await dropped.json()).toMatchObject({ name: 'name', body: '' })
})

test('in an app that streams a throw is 500 too', async () => {
  const witness = await openWitness(() => ({ do: 'throw', value: 'no good' }))
  const environment = { STREAMS: 'true', WITNESS_URL: witness.url }
  const host = await startHostUnderTest({ functions: ['ask'], environment })
  expect((await fetch(`${host.url}/api/ask`)).status).toBe(500)
})
