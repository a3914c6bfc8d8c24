import type { HostContext, Listening } from '../context.ts'
import { type FunctionDefinition, functionsOf, type Trigger } from '../invocation/functionDefinition.ts'
import { hostLog } from '../log.ts'
import { decodeText } from './messageText.ts'
import { processItem } from './processItem.ts'
import { listenToQueue } from './queueListener.ts'
import { poisonQueueName, queueCall } from './queueTrigger.ts'

type QueueFunction = FunctionDefinition<Extract<Trigger, { kind: 'queue' }>>

/** Listens to the queue of every queue function until `signal` aborts. */
export function startQueues(context: HostContext, signal: AbortSignal): Listening[] {
  return functionsOf(context.functions, 'queue').map((definition) => startQueue(context, definition, signal))
}

function startQueue(context: HostContext, definition: QueueFunction, signal: AbortSignal): Listening {
  const { queues } = context.settings
  const { queueName, connection } = definition.trigger
  const { leaseSeconds, ...ports } = {
    leaseSeconds: context.tuning.dequeueLeaseSeconds,
    ...sharedPorts(context),
  }
  const poisonName = poisonQueueName(queueName)
  const queue = context.stores.queue(connection, queueName)
  const process = {
    ...ports,
    queue,
    poison: poisonName === undefined ? undefined : context.stores.queue(connection, poisonName),
    decode: (text: string) => decodeText(text, queues.messageEncoding),
    run: async (text: string, item: Parameters<typeof queueCall>[1]) => {
      const outcome = await context.invoker.invoke(definition, queueCall(text, item))
      return outcome.kind === 'succeeded'
    },
  }
  const rules = { ...queues, leaseSeconds }
  const handle = (item: Parameters<typeof queueCall>[1]) => processItem(process, rules, item)
  const listener = listenToQueue({ ...ports, queue, handle, random: Math.random }, rules, signal)
  context.wakers.set(queueName, listener.wake)
  return listener
}

function sharedPorts({ clock, sink }: HostContext) {
  return { clock, log: hostLog(sink, 'Host.Queues') }
}
