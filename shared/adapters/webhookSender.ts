import { Webhook as Signer } from 'standardwebhooks'
import { TerminalError } from '../retraining/errors.ts'
import type { PostOutcome, Webhook, WebhookPort } from '../retraining/webhook.ts'
import type { HttpClient, HttpStream } from './http/httpClient.ts'
import type { Secrets } from './secrets.ts'
import type { UrlGuard } from './urlGuard.ts'

/** What sending webhooks needs: a client and a guard of their own, since any public host may be a receiver. */
export type WebhookSenderOptions = {
  http: HttpClient
  guard: UrlGuard
  secrets: Pick<Secrets, 'resolve'>
  redact(text: string): string
  now(): number
  timeoutSeconds?: number
}

const mostAnswerBytes = 4_096

/**
 * One request to a receiver, signed by the rules of Standard Webhooks: `webhook-id` (the event's, the same at every attempt),
 * `webhook-timestamp` (of this attempt) and `webhook-signature`. Any 2xx is success; a redirect is none and is not followed.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookPort {
  const { guard, redact } = options
  return {
    async postWebhook(webhook, event) {
      try {
        return await post(options, webhook, event)
      } catch (error) {
        return { kind: 'refused', reason: redact(error instanceof Error ? error.message : String(error)) }
      }
    },
    checkWebhookUrl(url) {
      guard.check('webhook', url)
    },
  }
}

async function post(
  { http, guard, secrets, now, timeoutSeconds = 10 }: WebhookSenderOptions,
  { url, secret }: Webhook,
  { id, body }: { id: string; body: string },
): Promise<PostOutcome> {
  const to = guard.check('webhook', url)
  const sentAtMs = now()
  const signer = signerOf(secret, (await secrets.resolve(secret)).reveal())
  const signal = AbortSignal.timeout(timeoutSeconds * 1000)
  const answer = await http.open({
    method: 'POST',
    url: to,
    headers: {
      'content-type': 'application/cloudevents+json',
      'user-agent': 'retrain',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAtMs / 1000)),
      'webhook-signature': signer.sign(id, new Date(sentAtMs), body),
    },
    body,
    signal,
  })
  await skim(answer)
  return outcomeOf(answer, sentAtMs)
}

/** Without a cause: the package's own message may repeat what it read. */
function signerOf(reference: string, secret: string): Signer {
  try {
    return new Signer(secret)
  } catch {
    throw new TerminalError(`Cannot sign the webhook: ${reference} is no whsec_ secret in base64`)
  }
}

/** Reads a little, so that the connection can be used again; what is longer, or breaks off, ends the connection. */
async function skim({ content }: HttpStream): Promise<void> {
  let sizeBytes = 0
  try {
    for await (const chunk of content) {
      sizeBytes += chunk.byteLength
      if (sizeBytes > mostAnswerBytes) return
    }
  } catch {
    return
  }
}

function outcomeOf({ status, headers }: HttpStream, nowMs: number): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'accepted', status }
  if (status === 410) return { kind: 'gone' }
  const retryAfterSeconds = retryAfter(headers['retry-after'], nowMs)
  const reason =
    status >= 300 && status < 400 ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`
  return { kind: 'refused', reason, retryAfterSeconds }
}

/** Seconds or a date. Source: RFC 9110, 10.2.3. */
function retryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - nowMs) / 1000
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}
