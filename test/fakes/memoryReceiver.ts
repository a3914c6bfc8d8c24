import type { PostOutcome, Webhook, WebhookPort } from '../../shared/retraining/webhook.ts'

/** A receiver of webhooks in memory: what it was sent, and what it answers to the next requests (`accepted` where none is left). */
export function createMemoryReceiver() {
  const posts: { webhook: Webhook; id: string; event: Record<string, unknown> }[] = []
  const outcomes: PostOutcome[] = []
  const port: WebhookPort = {
    postWebhook: async (webhook, { id, body }) => {
      posts.push({ webhook, id, event: JSON.parse(body) })
      return outcomes.shift() ?? { kind: 'accepted', status: 204 }
    },
    checkWebhookUrl: () => undefined,
  }
  return { ...port, posts, outcomes }
}
