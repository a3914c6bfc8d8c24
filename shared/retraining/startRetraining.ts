import { type AdvanceRunPorts, advanceRun } from './advanceRun.ts'
import type { Drop } from './drop.ts'
import { RetryableError } from './errors.ts'
import type { ManifestDrop } from './generation.ts'
import { emptyHead, type Head } from './head.ts'
import { type HoldPorts, holdOn } from './holdOn.ts'
import type { ModelKey, RunKey } from './names.ts'
import { type Opened, type OpenGenerationPorts, openGeneration } from './openGeneration.ts'
import { quietUntilMs } from './quiet.ts'
import { requestStartIfPending } from './requestStart.ts'
import type { ModelSettings } from './settings.ts'
import type { DropStore, RunStore, SettingsStore, TrainingSets } from './stores.ts'
import { swapHead } from './swap.ts'

/** What starting a retraining needs. */
export type StartRetrainingPorts = OpenGenerationPorts &
  HoldPorts &
  AdvanceRunPorts &
  RunStore &
  Pick<SettingsStore, 'readSettings'> &
  Pick<DropStore, 'readPending' | 'hasPending' | 'markTaken'> &
  Pick<TrainingSets, 'readManifest'>

const mostTries = 4

/**
 * Takes a model's waiting drops into a new generation when none is in flight and the quiet period is over, and brings the
 * generation in flight to the start of its job. Every step goes on from where a crash left it.
 */
export async function startRetraining(ports: StartRetrainingPorts, key: ModelKey): Promise<void> {
  const settings = await ports.readSettings(key)
  if (settings === undefined) {
    ports.log.warn({ ...key }, 'start put off: the model has no settings')
    return
  }
  const stored = await ports.readHead(key)
  if (stored?.value.marksOf !== undefined)
    await completeMarks(ports, { ...key, generation: stored.value.marksOf })
  const inFlight = stored?.value.inFlight
  if (inFlight !== undefined) return advanceRun(ports, settings, { ...key, generation: inFlight })
  const opened = await openWhenQuiet(ports, settings)
  if (opened === undefined) return
  if (opened === 'taken') return startRetraining(ports, key)
  const head = (await completeMarks(ports, opened.key, opened.drops)) ?? (await ports.readHead(key))?.value
  if (head?.inFlight === opened.key.generation) return advanceRun(ports, settings, opened.key)
  return requestStartIfPending(ports, key)
}

/**
 * Replays the marks of a committed generation from its manifest; only then may the next one open. Answers the head as it
 * was written; undefined when somebody else was faster.
 */
async function completeMarks(
  ports: StartRetrainingPorts,
  key: RunKey,
  drops?: readonly ManifestDrop[],
): Promise<Head | undefined> {
  await ports.markTaken(key, drops ?? (await committedDrops(ports, key)))
  return swapHead(ports, key, (head) =>
    head.marksOf === key.generation ? { ...head, marksOf: undefined } : undefined,
  )
}

async function committedDrops(ports: StartRetrainingPorts, key: RunKey): Promise<readonly ManifestDrop[]> {
  const run = await ports.readRun(key)
  if (run === undefined) return []
  return (await ports.readManifest(key, run.value.manifest)).drops
}

/**
 * Opens what waits; a head that others changed meanwhile is read again, since they may have changed anything on it. `taken`:
 * they opened a generation, or this one did, and the answer of its commit got lost.
 */
async function openWhenQuiet(
  ports: StartRetrainingPorts,
  settings: ModelSettings,
  triesLeft = mostTries,
): Promise<Opened | 'taken' | undefined> {
  const key: ModelKey = { customerId: settings.customerId, model: settings.model }
  const stored = await ports.readHead(key)
  if (stored?.value.inFlight !== undefined || stored?.value.marksOf !== undefined)
    return triesLeft < mostTries ? 'taken' : undefined
  const pending = await ports.readPending(key)
  const { retrain } = stored?.value ?? emptyHead
  if (pending.length === 0 && retrain?.again !== true) {
    await clearRequest(ports, key)
    return undefined
  }
  const hold = await holdOn(ports, settings, stored?.value ?? emptyHead, pending)
  if (hold !== undefined) {
    ports.log.info({ ...key }, `start put off: ${hold.kind}`)
    await putOff(ports, settings)
    return undefined
  }
  const untilMs = quietUntilMs(waitingSpan(pending), settings)
  if (retrain === undefined && ports.now() < untilMs) {
    await askAgainAt(ports, key, untilMs)
    return undefined
  }
  const opened = await openGeneration(ports, settings, stored, pending)
  if (opened !== undefined) return opened
  if (triesLeft > 1) return openWhenQuiet(ports, settings, triesLeft - 1)
  throw new RetryableError(
    `Cannot open a generation of ${key.customerId}: others change its head all the time`,
  )
}

function waitingSpan(pending: readonly Drop[]) {
  const times = pending.map((drop) => drop.acceptedAtMs)
  return {
    oldestAcceptedAtMs: Math.min(...times.slice(0, 1), ...times.slice(-1)),
    newestAcceptedAtMs: Math.max(...times.slice(0, 1), ...times.slice(-1)),
  }
}

/** Nothing waits: says so on the head first, then looks again for a drop that came at that moment. */
async function clearRequest(ports: StartRetrainingPorts, key: ModelKey): Promise<void> {
  const cleared = await swapHead(ports, key, (head) =>
    head.startRequestedForAtMs === undefined && head.retrain === undefined
      ? undefined
      : { ...head, startRequestedForAtMs: undefined, retrain: undefined },
  )
  if (cleared !== undefined) await requestStartIfPending(ports, key)
}

/** Something holds what waits: says so on the head first, then looks again, since who ends a hold asks for a start. */
async function putOff(ports: StartRetrainingPorts, settings: ModelSettings): Promise<void> {
  const key: ModelKey = { customerId: settings.customerId, model: settings.model }
  const head = await swapHead(ports, key, (fresh) =>
    fresh.startRequestedForAtMs === undefined ? undefined : { ...fresh, startRequestedForAtMs: undefined },
  )
  if (head === undefined) return
  const hold = await holdOn(ports, settings, head, await ports.readPending(key))
  if (hold === undefined) await requestStartIfPending(ports, key)
}

/** The quiet period was drawn out by another drop: one message goes on, however many asked. */
async function askAgainAt(ports: StartRetrainingPorts, key: ModelKey, untilMs: number): Promise<void> {
  const nowMs = ports.now()
  const asked = await swapHead(ports, key, (head) => {
    const onItsWay = head.startRequestedForAtMs !== undefined && head.startRequestedForAtMs > nowMs
    return onItsWay || head.inFlight !== undefined ? undefined : { ...head, startRequestedForAtMs: untilMs }
  })
  if (asked === undefined) return
  await ports.sendStart({ v: 1, ...key }, Math.ceil((untilMs - nowMs) / 1000))
}
