import type { HostContext, Listening } from '../context.ts'
import { functionId, functionsOf } from '../invocation/functionDefinition.ts'
import { hostLog, reasonOf } from '../log.ts'
import { decodeText, encodeText } from '../queue/messageText.ts'
import { processItem } from '../queue/processItem.ts'
import { listenToQueue } from '../queue/queueListener.ts'
import type { QueueItem, QueueStore } from '../queue/queueStore.ts'
import { workUnderLock } from '../storage/lock.ts'
import { hostConnection } from '../storage/stores.ts'
import { type BlobMessage, decodeBlobMessage, encodeBlobMessage } from './blobMessage.ts'
import { notifyOnce } from './notify.ts'
import { createPace } from './pace.ts'
import { compilePattern } from './pathPattern.ts'
import { type BlobFunction, runBlobMessage } from './runBlobMessage.ts'
import { createScanner, type Scanner } from './scan.ts'

/** The blob functions of a host: `post` puts a message of the Event Grid webhook into the internal queue. */
export type BlobListening = { listeners: Listening[]; post(message: BlobMessage): Promise<void> }

/** Listens to the internal queue of blob functions and scans their containers until `signal` aborts. */
export function startBlobs(context: HostContext, signal: AbortSignal): BlobListening {
  const functions = functionsOf(context.functions, 'blob')
  if (functions.length === 0) return { listeners: [], post: () => Promise.resolve() }
  const internal = context.stores.queue(hostConnection, internalQueueName(context.hostId))
  const post = async (text: string) => {
    await internal.send(encodeText(text, 'base64'))
    context.wakers.get(internal.name)?.()
  }
  const { hostId } = context
  const notify = (message: BlobMessage) =>
    notifyOnce({ state: context.stores.state(), hostId, enqueue: post }, message)
  const handle = internalHandler(context, { functions, internal, notify })
  const degree = context.settings.blobs.maxDegreeOfParallelism
  const batchSize = Math.min(32, Math.floor(degree / 2) + 1)
  const rules = {
    batchSize,
    newBatchThreshold: Math.max(0, degree - batchSize),
    maxPollingMs: context.settings.queues.maxPollingMs,
    leaseSeconds: context.tuning.dequeueLeaseSeconds,
  }
  const { clock, sink } = context
  const ports = { queue: internal, handle, clock, random: Math.random, log: hostLog(sink, 'Host.Blobs') }
  const listener = listenToQueue(ports, rules, signal)
  context.wakers.set(internal.name, listener.wake)
  const scanning = { ended: scan(context, { functions, internal, notify }, signal) }
  return { listeners: [listener, scanning], post: (message) => post(encodeBlobMessage(message)) }
}

function internalQueueName(hostId: string): string {
  return `azure-webjobs-blobtrigger-${hostId}`
}

type Notify = (message: BlobMessage) => ReturnType<typeof notifyOnce>

/** Handles messages of the internal queue; the poison queue is in the account of the function's blobs. */
function internalHandler(
  context: HostContext,
  { functions, internal, notify }: { functions: BlobFunction[]; internal: QueueStore; notify: Notify },
): (item: QueueItem) => Promise<void> {
  const log = hostLog(context.sink, 'Host.Blobs')
  const { stores, invoker, clock } = context
  const run = (text: string) =>
    runBlobMessage({ functions, container: stores.container, notify, invoke: invoker.invoke, log }, text)
  const decode = (text: string) => decodeText(text, 'base64')
  const maxDequeueCount = context.settings.blobs.poisonBlobThreshold
  const rules = { maxDequeueCount, visibilityMs: 0, leaseSeconds: context.tuning.dequeueLeaseSeconds }
  return (item) => {
    const poison = stores.queue(connectionOf(functions, decode(item.text)), 'webjobs-blobtrigger-poison')
    return processItem({ queue: internal, poison, decode, run, clock, log }, rules, item)
  }
}

function connectionOf(functions: readonly BlobFunction[], text: string | undefined): string {
  try {
    const message = decodeBlobMessage(text ?? '')
    const found = functions.find(({ name }) => functionId(name) === message.functionId)
    return found?.trigger.connection ?? hostConnection
  } catch {
    return hostConnection
  }
}

async function scan(
  context: HostContext,
  { functions, internal, notify }: { functions: BlobFunction[]; internal: QueueStore; notify: Notify },
  signal: AbortSignal,
): Promise<void> {
  const { clock, tuning, settings, sink, stores, hostId } = context
  const hostStartedMs = clock.now()
  const log = hostLog(sink, 'Host.Blobs')
  const scanned = functions.filter(
    ({ trigger }) => trigger.source === 'LogsAndContainerScan' || tuning.simulateEvents,
  )
  if (scanned.length === 0) return
  const lock = {
    name: `locks/${hostId}/WebJobs.Internal.Blobs.Listener`,
    leaseMs: settings.listenerLockMs,
    retryMs: tuning.lockRetryMs,
  }
  const work = async (held: AbortSignal) => {
    const hasRoom = createPace({ queue: internal, clock }, held)
    const notifyInTurn: Notify = async (message) => ((await hasRoom()) ? notify(message) : 'busy')
    const scanners = scannersOf({ ...context, hostStartedMs }, scanned, notifyInTurn)
    while (!held.aborted) {
      for (const scanner of scanners) {
        await scanner.sweep().catch((thrown) => log.warn(`Cannot scan a container: ${reasonOf(thrown)}`))
      }
      await clock.after(tuning.blobScanMs, held)
    }
  }
  await workUnderLock({ state: stores.state(), clock, log }, lock, work, signal)
}

/** One scanner a container, whichever functions it is for. */
function scannersOf(
  context: HostContext & { hostStartedMs: number },
  functions: readonly BlobFunction[],
  notify: Notify,
): Scanner[] {
  const state = context.stores.state()
  const byContainer = Map.groupBy(
    functions,
    ({ trigger }) => `${trigger.connection}\n${compilePattern(trigger.path).container}`,
  )
  return [...byContainer].map(([key, group]) => {
    const [connection = '', name = ''] = key.split('\n')
    const container = context.stores.container(connection, name)
    const subscribers = group.map(({ name: functionName, trigger }) => ({
      functionId: functionId(functionName),
      pattern: compilePattern(trigger.path),
      firstSweep: trigger.source === 'EventGrid' ? ('newOnly' as const) : ('all' as const),
    }))
    const log = hostLog(context.sink, 'Host.Blobs')
    const { hostId, hostStartedMs, clock } = context
    return createScanner(
      { container, state, hostId, hostStartedMs, notify, now: clock.now, log },
      subscribers,
    )
  })
}
