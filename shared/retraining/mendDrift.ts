import type { Drift } from './fleetChecks.ts'
import type { Head } from './head.ts'
import { isThere } from './installModel.ts'
import { ids, type ModelKey } from './names.ts'
import type { Run } from './run.ts'
import type { EndpointPort } from './services.ts'
import type { ModelSettings } from './settings.ts'
import type { Clock, Log, Messages, ModelArchive, RunStore, SettingsStore } from './stores.ts'
import { swapRun } from './swap.ts'
import { addEntry } from './timeline.ts'
import { textOf } from './trouble.ts'

/** What looking after an idle endpoint needs. */
export type MendDriftPorts = Pick<RunStore, 'readRun' | 'commit'> &
  Pick<EndpointPort, 'describeEndpoint'> &
  Pick<ModelArchive, 'signModel'> &
  Pick<SettingsStore, 'readSettings'> &
  Pick<Messages, 'sendUpdate'> &
  Pick<Clock, 'now'> & {
    log: Log
    redact(text: string): string
    /** Keeps when a model's endpoint was last found with another model. */
    writeDrift(drift: Drift): Promise<void>
  }

/**
 * Describes the endpoint of a model that rests: other hands may have changed it, and a PATCH that timed out may have taken
 * effect late. Puts the live model, pinned or not, back or only says so, as the settings want. A rollback that is under way
 * looks after the endpoint itself, and so does who has claimed it, until the claim runs out.
 */
export async function mendDrift(ports: MendDriftPorts, key: ModelKey, head: Head): Promise<void> {
  if (head.live === undefined || isClaimed(head, ports.now()) || isApprovedAhead(head)) return
  if (head.pin !== undefined && head.pin.generation !== head.live) return
  const settings = await ports.readSettings(key)
  const run = (await ports.readRun({ ...key, generation: head.live }))?.value
  if (settings === undefined || run?.state !== 'live' || run.archive === undefined) return
  if (await holdsModel(ports, settings, run)) return
  const text =
    settings.driftPolicy === 'mend'
      ? 'the endpoint was found with another model: this one is put back'
      : 'the endpoint was found with another model'
  ports.log.warn({ ...ids(run) }, text)
  const nowMs = ports.now()
  await ports.writeDrift({ customerId: key.customerId, model: key.model, foundAtMs: nowMs })
  await swapRun(ports, run, (fresh) =>
    fresh.state === 'live' ? { ...fresh, timeline: addEntry(fresh.timeline, nowMs, text) } : undefined,
  )
  if (settings.driftPolicy === 'report') return
  await ports.sendUpdate({ v: 1, kind: 'update', ...ids(run), again: true }, 0)
}

/** Whether somebody may be updating the endpoint. */
function isClaimed({ claim }: Head, nowMs: number): boolean {
  return claim !== undefined && nowMs < claim.untilAtMs
}

/** Whether an approved model is on its way to the endpoint, which names it before it is live. */
function isApprovedAhead({ approved = [], live = 0 }: Head): boolean {
  return approved.some((generation) => generation > live)
}

/** An endpoint that can't be asked is left alone until the next time. */
async function holdsModel(ports: MendDriftPorts, settings: ModelSettings, run: Run): Promise<boolean> {
  try {
    return await isThere(ports, settings, run)
  } catch (error) {
    ports.log.warn({ ...ids(run) }, ports.redact(`the endpoint was not described: ${textOf(error)}`))
    return true
  }
}
