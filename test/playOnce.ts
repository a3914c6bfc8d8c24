import type { AppPorts, Stores } from '../shared/adapters/appPorts.ts'
import { pollJobs } from '../shared/retraining/pollJobs.ts'
import { startRequested } from '../shared/retraining/startRequested.ts'
import { updateEndpoint } from '../shared/retraining/updateEndpoint.ts'
import { workWebhooks } from '../shared/retraining/workWebhooks.ts'

/** The host's part, once: what the queue triggers do with messages that are visible, and the poll timer. A message that fails shows again after a second. */
export async function playOnce(ports: AppPorts, queues: Stores['queues']): Promise<void> {
  for (const [queue, work] of [
    [queues.startRequests, startRequested],
    [queues.endpointUpdates, updateEndpoint],
    [queues.webhooks, workWebhooks],
  ] as const) {
    for (const message of await queue.receive(16, 60)) {
      try {
        await work(ports, message)
      } catch (error) {
        await queue.hide(message, 1)
        throw error
      }
      await queue.remove(message)
    }
  }
  await pollJobs(ports)
}

/** How many messages lie in the queues, hidden ones too. */
export async function countMessages(queues: Stores['queues']): Promise<number> {
  const counts = await Promise.all(Object.values(queues).map((queue) => queue.count()))
  return counts.reduce((sum, count) => sum + count, 0)
}
