import type { QueueMessage } from '../../shared/lib/messageQueue.ts'
import type { ReceivedMessage } from '../../shared/retraining/buryMessage.ts'
import type { Hosts } from './hosts.ts'
import type { SimQueue } from './queues.ts'
import type { Call, Host, Invocation, Sim } from './sim.ts'

const leaseMs = 10 * 60_000
const againSeconds = 30
const mostDequeues = 5
const pollPeriodMs = 30_000

/** What the Functions host does for this simulation. */
export type Delivery = {
  sim: Sim
  hosts: Hosts
  call: Call
  pick(name: string): Host | undefined
}

/** A function behind a queue, and the one behind its poison queue. */
export type QueueFunction = {
  name: string
  queue: SimQueue
  work(invocation: Invocation, received: ReceivedMessage): Promise<void>
  bury(invocation: Invocation, received: ReceivedMessage): Promise<void>
}

/**
 * Hands over one visible message, if there is one: leased for 10 minutes, deleted when the function is done, shown again
 * after 30 s when it fails, given up after the fifth time. Source: reference/functions-host.md, queue trigger.
 */
export async function deliver(to: Delivery, target: QueueFunction): Promise<void> {
  const { sim } = to
  const host = to.pick(target.name)
  if (host === undefined) return sim.agenda.after(5_000, () => void deliver(to, target))
  const seenTwice = sim.faults.happens('seenTwice')
  const lease = seenTwice ? 1_000 * (1 + sim.random.below(20)) : leaseMs
  const [message] = await target.queue.store.receive(1, lease / 1_000)
  if (message === undefined) return
  target.queue.wake(lease)
  if (message.dequeueCount > mostDequeues) return giveUp(to, target, message)
  to.hosts.run(host, target.name, (invocation) => target.work(invocation, received(message)), {
    done: () => finish(to, target, host, message),
    failed: () => void tryLater(to, target, message),
  })
}

function received({ id, body, text }: QueueMessage): ReceivedMessage {
  return { id, body: body ?? text }
}

/** Deleting the message is a call of its own: the process may die before it. */
function finish(
  { hosts, call }: Delivery,
  { queue }: QueueFunction,
  host: Host,
  message: QueueMessage,
): void {
  const text = () => `delete ${queue.name} ${message.text}`
  const remove = async (invocation: Invocation) => {
    await call(invocation, { kind: 'write', text }, () => queue.store.remove(message))
  }
  if (host.isUp) hosts.run(host, 'host', remove, { done: () => undefined, failed: () => undefined })
}

async function tryLater(to: Delivery, target: QueueFunction, message: QueueMessage): Promise<void> {
  if (message.dequeueCount >= mostDequeues) return giveUp(to, target, message)
  await target.queue.store.hide(message, againSeconds)
  target.queue.wake(againSeconds * 1_000)
}

/** The poison function runs until it succeeds: its own queue would bring the message again. */
async function giveUp(to: Delivery, target: QueueFunction, message: QueueMessage): Promise<void> {
  if ((await target.queue.store.remove(message)) === 'gone') return
  const bury = () => {
    const again = () => to.sim.agenda.after(againSeconds * 1_000, bury)
    const host = to.pick('bury')
    if (host === undefined) return again()
    to.sim.trace.note(host.name, () => `gives up ${message.text}`)
    let isOver = false
    to.hosts.run(host, 'bury', (invocation) => target.bury(invocation, received(message)), {
      done: () => {
        isOver = true
      },
      failed: () => undefined,
    })
    to.sim.agenda.after(leaseMs, () => {
      if (!isOver) bury()
    })
  }
  bury()
}

/**
 * Ticks of `pollJobs` at multiples of its period, where a message may be due; sometimes two at once. A tick that would find
 * nothing is left out: `hasDue` says whether there is a visible message.
 */
export function createPollTicks(
  to: Delivery,
  hasDue: () => boolean,
  tick: (invocation: Invocation) => Promise<void>,
) {
  const planned = new Set<number>()
  const { agenda, faults } = to.sim
  const run = (): void => {
    const host = to.pick('pollJobs')
    if (host !== undefined) to.hosts.run(host, 'pollJobs', tick, { done: again, failed: again })
    wake(pollPeriodMs)
  }
  const again = () => {
    if (hasDue()) wake(0)
  }
  const wake = (delayMs: number): void => {
    const atMs = (Math.floor((agenda.now() + delayMs) / pollPeriodMs) + 1) * pollPeriodMs
    if (planned.has(atMs)) return
    planned.add(atMs)
    agenda.after(atMs - agenda.now(), () => {
      planned.delete(atMs)
      if (!hasDue()) return
      run()
      if (faults.happens('overlappingTick')) run()
    })
  }
  return { wake }
}

/** Ticks of a timer; one that is still at work is not started again, but for a fault. */
export function startTimer(
  to: Delivery,
  name: string,
  periodMs: number,
  tick: (invocation: Invocation) => Promise<void>,
): void {
  let current: Invocation | undefined
  const beat = () => {
    to.sim.agenda.after(periodMs, beat)
    const host = to.pick(name)
    if (host === undefined) return
    if (current?.alive === true && !to.sim.faults.happens('overlappingTick')) return
    current = to.hosts.run(host, name, tick, { done: () => undefined, failed: () => undefined })
  }
  to.sim.agenda.after(periodMs, beat)
}
