import type { MessageQueue, QueueMessage } from '../../shared/lib/messageQueue.ts'
import type { Call, Invocation, Sim } from './sim.ts'

/** A queue of the simulation: `wake` is called for every moment at which a message may get visible. */
export type SimQueue = { name: string; store: MessageQueue; wake(delayMs: number): void }

/** Who calls, how, and who is told of messages. */
export type QueueAccess = {
  sim: Sim
  call: Call
  invocation: Invocation
  sent(queue: string, body: object): void
  received(queue: string, message: QueueMessage): void
  hidden(queue: string, message: QueueMessage, seconds: number): void
}

/** A queue in memory as one invocation sees it: what it sends may come twice, late or never. */
export function simulatedQueue(queue: SimQueue, access: QueueAccess): MessageQueue {
  const { store, name } = queue
  const { sim, call, invocation } = access
  const send = async (body: object, delaySeconds = 0) => {
    access.sent(name, body)
    await sendWithFaults(sim, queue, body, delaySeconds)
  }
  return {
    create: () => store.create(),
    send: (body, delaySeconds) =>
      call(
        invocation,
        { kind: 'send', text: () => `send ${name} +${delaySeconds ?? 0}s ${JSON.stringify(body)}` },
        () => send(body, delaySeconds),
      ),
    receive: (count, visibilitySeconds) =>
      call(invocation, { kind: 'read', text: () => `receive ${name}` }, async () => {
        const messages = await store.receive(count, visibilitySeconds)
        for (const message of messages) access.received(name, message)
        if (messages.length > 0) queue.wake(visibilitySeconds * 1_000)
        return messages
      }),
    remove: (message) =>
      call(invocation, { kind: 'write', text: () => `delete ${name} ${message.text}` }, () =>
        store.remove(message),
      ),
    hide: (message, seconds, body) =>
      call(
        invocation,
        { kind: 'write', text: () => `hide ${name} ${seconds}s ${message.text}` },
        async () => {
          const outcome = await store.hide(message, seconds, body)
          if (outcome === 'hidden') access.hidden(name, message, seconds)
          queue.wake(seconds * 1_000)
          return outcome
        },
      ),
    count: () => store.count(),
  }
}

/** Sends a message, or two, or one that is late, or none. */
export async function sendWithFaults(
  sim: Sim,
  queue: SimQueue,
  body: object,
  delaySeconds: number,
): Promise<void> {
  const { faults, random } = sim
  if (faults.happens('lostMessage')) {
    sim.trace.note(queue.name, () => `loses ${JSON.stringify(body)}`)
    return
  }
  const seconds = delaySeconds + (faults.happens('lateMessage') ? Math.round(random.between(10, 900)) : 0)
  await put(queue, body, seconds)
  if (faults.happens('duplicateMessage')) {
    await put(queue, body, seconds + (random.chance(0.5) ? 0 : Math.round(random.between(0, 300))))
  }
  if (faults.happens('oldMessageAgain')) {
    await put(
      queue,
      body,
      seconds + Math.round(random.pick([random.between(60, 900), random.between(300, 5_400)])),
    )
    await putBack(sim, queue, body)
  }
}

/** While a generation is being checked, the message that puts the one before back turns up again. */
async function putBack(sim: Sim, queue: SimQueue, body: object): Promise<void> {
  const { kind, generation, token: _token, ...key } = body as Record<string, unknown>
  if (kind !== 'check' || Number(generation) < 2) return
  const old = { ...key, kind: 'update', generation: Number(generation) - 1, again: true }
  await put(queue, old, sim.random.below(60))
}

/** Puts a message on the queue as it is. */
export async function put(queue: SimQueue, body: object, delaySeconds: number): Promise<void> {
  await queue.store.send(body, delaySeconds)
  queue.wake(delaySeconds * 1_000)
}
