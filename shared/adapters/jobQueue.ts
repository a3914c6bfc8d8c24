import type { MessageQueue, QueueMessage } from '../lib/messageQueue.ts'
import type { ReceivedPoll } from '../retraining/pollJobs.ts'
import type { Messages } from '../retraining/stores.ts'
import { decodePollMessage } from './messages.ts'

/** The app's own queues. */
export type Queues = {
  startRequests: MessageQueue
  trainingJobs: MessageQueue
  endpointUpdates: MessageQueue
}

/** Messages out, and the due ones of `training-jobs` in. */
export type JobQueue = Messages & { receivePolls(count: number): Promise<ReceivedPoll[]> }

/** Queues hide a message for at most this long, in seconds: 7 days. */
const longestDelaySeconds = 604_800

/** The app's messages over its queues; a received poll stays hidden from other ticks for `visibilitySeconds`. */
export function createJobQueue(queues: Queues, visibilitySeconds: number): JobQueue {
  const send = (queue: MessageQueue) => (body: object, delaySeconds: number) =>
    queue.send(body, Math.min(longestDelaySeconds, Math.max(0, Math.ceil(delaySeconds))))
  return {
    sendStart: send(queues.startRequests),
    sendPoll: send(queues.trainingJobs),
    sendUpdate: send(queues.endpointUpdates),
    async receivePolls(count) {
      const messages = await queues.trainingJobs.receive(count, visibilitySeconds)
      return messages.map((message) => receivedPoll(queues.trainingJobs, message))
    },
  }
}

/** Whoever received the message meanwhile has it now: `gone` is no trouble of ours. */
function receivedPoll(queue: MessageQueue, message: QueueMessage): ReceivedPoll {
  return {
    id: message.id,
    body: decodePollMessage(message.body),
    text: message.text,
    async remove() {
      await queue.remove(message)
    },
    async hide(seconds) {
      await queue.hide(message, Math.min(longestDelaySeconds, Math.max(0, Math.ceil(seconds))))
    },
  }
}
