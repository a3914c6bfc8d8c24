import { acceptDrop } from '../../shared/retraining/acceptDrop.ts'
import { buryPoison } from '../../shared/retraining/buryMessage.ts'
import { dropAnnounced } from '../../shared/retraining/dropAnnounced.ts'
import { pollJobs } from '../../shared/retraining/pollJobs.ts'
import { reconcile } from '../../shared/retraining/reconcile.ts'
import { startRequested } from '../../shared/retraining/startRequested.ts'
import { updateEndpoint } from '../../shared/retraining/updateEndpoint.ts'
import { workRetention } from '../../shared/retraining/workRetention.ts'
import { workSchedules } from '../../shared/retraining/workSchedules.ts'
import { workWebhooks } from '../../shared/retraining/workWebhooks.ts'
import { createPollTicks, type Delivery, deliver, type QueueFunction, startTimer } from './deliveries.ts'
import { queueOf, type World } from './world.ts'

const schedulesPeriodMs = 2 * 60_000
const reconcilePeriodMs = 10 * 60_000
const retentionPeriodMs = 15 * 60_000

/** What an announced blob is brought as: by the blob trigger's name, or by an event of Event Grid. */
export type Announcement = 'blobTrigger' | 'events'

/** The functions as `functions/` binds them. Answers what is to be called when a message of a queue may get visible. */
export function bindFunctions(
  to: Delivery,
  world: () => World,
  options: { reconciles: boolean; announcement: Announcement },
): (queue: string, delayMs: number) => void {
  const queue = (name: string) => queueOf(world().stores, name, wake)
  const targets: Record<string, () => QueueFunction> = {
    startRequests: () => ({
      name: 'startRequested',
      queue: queue('startRequests'),
      work: (invocation, received) => startRequested(world().connect(invocation), received),
      bury: (invocation, received) => buryPoison(world().connect(invocation), 'start-requests', received),
    }),
    endpointUpdates: () => ({
      name: 'updateEndpoint',
      queue: queue('endpointUpdates'),
      work: (invocation, received) => updateEndpoint(world().connect(invocation), received),
      bury: (invocation, received) => buryPoison(world().connect(invocation), 'endpoint-updates', received),
    }),
    webhooks: () => ({
      name: 'webhooks',
      queue: queue('webhooks'),
      work: (invocation, received) => workWebhooks(world().connect(invocation), received),
      bury: (invocation, received) => buryPoison(world().connect(invocation), 'webhooks', received),
    }),
    trainingDataEvents: () => ({
      name: 'trainingData',
      queue: queue('trainingDataEvents'),
      work: async (invocation, received) => {
        const ports = world().connect(invocation)
        if (options.announcement === 'events') return dropAnnounced(ports, received)
        await acceptDrop(ports, (received.body as { name: string }).name)
      },
      bury: (invocation, received) =>
        buryPoison(world().connect(invocation), 'webjobs-blobtrigger', received),
    }),
  }
  const hasDuePoll = () => {
    const messages = world().stores.queues.trainingJobs.messages()
    return messages.some(({ visibleAtMs }) => visibleAtMs <= to.sim.agenda.now())
  }
  const ticks = createPollTicks(to, hasDuePoll, async (invocation) => {
    await pollJobs(world().connect(invocation))
  })
  const wake = (name: string, delayMs: number): void => {
    if (name === 'trainingJobs') {
      ticks.wake(delayMs)
      return
    }
    const target = targets[name]
    if (target === undefined) throw new Error(`Cannot deliver from queue ${name}: no function is bound to it`)
    to.sim.agenda.after(delayMs + to.sim.random.between(1, 2_000), () => void deliver(to, target()))
  }
  if (options.reconciles) {
    startTimer(to, 'schedules', schedulesPeriodMs, (invocation) => workSchedules(world().connect(invocation)))
    startTimer(to, 'retention', retentionPeriodMs, (invocation) => workRetention(world().connect(invocation)))
    startTimer(to, 'reconcile', reconcilePeriodMs, (invocation) => reconcile(world().connect(invocation)))
  }
  return wake
}

/** The body that tells of a landed blob. */
export function announcementOf(announcement: Announcement, name: string): object {
  if (announcement === 'blobTrigger') return { name }
  const subject = `/blobServices/default/containers/training-data/blobs/${name}`
  return { eventType: 'Microsoft.Storage.BlobCreated', subject, data: { url: `https://app.example/${name}` } }
}
