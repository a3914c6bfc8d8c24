import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, expect, test } from 'vitest'
import { createHttpClient } from '../../../shared/adapters/http/httpClient.ts'
import { createUrlGuard } from '../../../shared/adapters/urlGuard.ts'
import { createWebhookSender } from '../../../shared/adapters/webhookSender.ts'
import { Secret } from '../../../shared/lib/secret.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const body = JSON.stringify({ specversion: '1.0', id: 'e1', type: 'retraining.run.live' })
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A real receiver on this machine; answers its URL. */
async function listen(handle: RequestListener): Promise<string> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

function sender({ developmentLoopback = true, revealed = secret, timeoutSeconds = 60 } = {}) {
  const guard = createUrlGuard({ allowedHosts: 'any', developmentLoopback, setting: 'ALLOWED_WEBHOOK_HOSTS' })
  const times = { connectSeconds: 60, headersSeconds: 60, bodySeconds: 60 }
  const http = createHttpClient({ ...times, maxAnswerBytes: 1_000_000 }, guard)
  closing.push(() => http.close())
  const secrets = { resolve: async () => new Secret(revealed) }
  const redact = (text: string) => text
  return createWebhookSender({ http, guard, secrets, redact, now: Date.now, timeoutSeconds })
}

const webhook = (url: string) => ({ url, secret: 'env:HOOK' })

test('the receiver verifies the signature with the package and reads the event', async () => {
  const seen: { headers: IncomingHttpHeaders; event: unknown }[] = []
  const url = await listen(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const headers = request.headers as Record<string, string>
    seen.push({ headers, event: new Webhook(secret).verify(text, headers) })
    response.writeHead(202).end('thank you')
  })
  const outcome = await sender().postWebhook(webhook(url), { id: 'e1', body })
  expect(outcome).toEqual({ kind: 'accepted', status: 202 })
  expect(seen).toMatchObject([
    {
      headers: { 'webhook-id': 'e1', 'content-type': 'application/cloudevents+json' },
      event: { type: 'retraining.run.live' },
    },
  ])
})

test('a receiver with another secret refuses what was signed', async () => {
  const url = await listen(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    try {
      new Webhook('whsec_b3RoZXIgc2VjcmV0').verify(text, request.headers as Record<string, string>)
      response.writeHead(204).end()
    } catch {
      response.writeHead(401).end()
    }
  })
  expect(await sender().postWebhook(webhook(url), { id: 'e1', body })).toMatchObject({
    kind: 'refused',
    reason: 'HTTP 401',
  })
})

test.each([
  ['410', 410, {}, { kind: 'gone' }],
  ['503 with seconds', 503, { 'retry-after': '120' }, { kind: 'refused', retryAfterSeconds: 120 }],
  ['a redirect', 307, { location: 'http://127.0.0.1:1/' }, { reason: /redirects are not followed/ }],
])('%s', async (_name, status, headers, expected) => {
  let requests = 0
  const url = await listen((_request, response) => {
    requests++
    response.writeHead(status, headers as Record<string, string>).end()
  })
  const outcome = await sender().postWebhook(webhook(url), { id: 'e1', body })
  const reason = 'reason' in expected ? { reason: expect.stringMatching(expected.reason) } : {}
  expect(outcome).toMatchObject({ ...expected, ...reason })
  expect(requests).toBe(1)
})

test('Retry-After may be a date', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(429, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }).end()
  })
  const outcome = await sender().postWebhook(webhook(url), { id: 'e1', body })
  expect(outcome.kind === 'refused' && outcome.retryAfterSeconds).toBeGreaterThan(3_500)
})

test('of an endless answer no more than a little is read', async () => {
  let written = 0
  const url = await listen((_request, response) => {
    response.writeHead(200)
    const more = () => {
      if (response.destroyed) return
      written += 16_384
      if (response.write('x'.repeat(16_384))) setImmediate(more)
      else response.once('drain', more)
    }
    more()
  })
  expect(await sender().postWebhook(webhook(url), { id: 'e1', body })).toMatchObject({ kind: 'accepted' })
  expect(written).toBeLessThan(32 * 1024 * 1024)
})

test('a receiver that does not answer is given up in time', async () => {
  const url = await listen(() => undefined)
  const outcome = await sender({ timeoutSeconds: 0.2 }).postWebhook(webhook(url), { id: 'e1', body })
  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/no answer in time/) })
})

test.each([
  'http://127.0.0.1:8080/',
  'https://127.0.0.1/',
  'https://169.254.169.254/metadata/identity/oauth2/token',
  'https://[::1]/',
  'https://localhost/',
  'http://receiver.example/',
  'https://receiver.example:8443/',
  'https://user:password@receiver.example/',
])('in Azure %s is not called', async (url) => {
  const { checkWebhookUrl, postWebhook } = sender({ developmentLoopback: false })
  const outcome = await postWebhook(webhook(url), { id: 'e1', body })
  expect(outcome.kind).toBe('refused')
  if (url !== 'https://localhost/') expect(() => checkWebhookUrl(url)).toThrow(/^Cannot use the webhook/)
})

test('a secret that is none of Standard Webhooks is named by its reference and not shown', async () => {
  const url = await listen((_request, response) => response.end())
  const outcome = await sender({ revealed: 'not base64 ***' }).postWebhook(webhook(url), { id: 'e1', body })
  expect(outcome).toEqual({
    kind: 'refused',
    reason: 'Cannot sign the webhook: env:HOOK is no whsec_ secret in base64',
  })
})
