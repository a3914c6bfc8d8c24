import { classifyDrop, type Drop, type LandedBlob } from './drop.ts'
import { type ModelKey, parseDropPath } from './names.ts'
import type { ModelSettingsStore } from './predictiveServices.ts'
import { needsStartRequest } from './quiet.ts'
import { type RequestStartPorts, repeatStart, requestStart } from './requestStart.ts'
import type { ModelSettings } from './settings.ts'
import type { DropStore, Log, RunStore, SettingsStore, Unclaimed } from './stores.ts'

/** What accepting a drop needs. `dropId` hashes name and ETag. */
export type AcceptDropPorts = RequestStartPorts &
  Pick<RunStore, 'readHead'> &
  Pick<DropStore, 'readVersions' | 'insertDrop'> &
  Pick<SettingsStore, 'readSettings'> &
  Pick<ModelSettingsStore, 'readWritten'> & {
    readBlobFacts(name: string): Promise<LandedBlob | undefined>
    recordUnclaimed(unclaimed: Unclaimed): Promise<void>
    dropId(name: string, etag: string): string
    log: Log
  }

/** What became of a landed blob. */
export type Acceptance = 'gone' | 'empty' | 'unclaimed' | 'unchanged' | 'accepted' | 'known'

/**
 * Records a landed training-data blob as a drop and sees to it that a generation will take it. The version that is
 * there now counts, whatever the event named: an overwritten one can't be read any more. Safe to call any number of
 * times for the same blob. `name` is the blob's name in `training-data`.
 */
export async function acceptDrop(ports: AcceptDropPorts, name: string): Promise<Acceptance> {
  const blob = await ports.readBlobFacts(name)
  if (blob === undefined) return 'gone'
  if (blob.sizeBytes === 0) return 'empty'
  const path = parseDropPath(name)
  if (path.kind === 'misfit') return unclaimed(ports, { blob, reason: path.reason, seenAtMs: ports.now() })
  const key: ModelKey = { customerId: path.customerId, model: path.model }
  const settings = await ports.readSettings(key)
  if (settings === undefined) {
    return unclaimed(ports, { blob, reason: await unknownReason(ports, key), key, seenAtMs: ports.now() })
  }
  const { acceptance, waits } = await recordDrop(ports, key, blob)
  if (waits) await startSoon(ports, settings, acceptance)
  // The sweep comes by every blob again and again: what is known is no news.
  if (acceptance !== 'known') ports.log.info({ ...key, drop: name }, `drop ${acceptance}`)
  return acceptance
}

async function unknownReason(ports: AcceptDropPorts, key: ModelKey): Promise<string> {
  const order = (await ports.readWritten(key))?.offboarded
  if (order === undefined) return `no model ${key.model} of a customer ${key.customerId} is known`
  return `${key.customerId}/${key.model} was off-boarded by ${order.by}: ${order.reason}`
}

async function unclaimed(ports: AcceptDropPorts, found: Unclaimed): Promise<Acceptance> {
  await ports.recordUnclaimed(found)
  ports.log.warn({ ...found.key, drop: found.blob.name }, `drop unclaimed: ${found.reason}`)
  return 'unclaimed'
}

type Recorded = { acceptance: 'known' | 'unchanged' | 'accepted'; waits: boolean }

async function recordDrop(ports: AcceptDropPorts, key: ModelKey, blob: LandedBlob): Promise<Recorded> {
  const { versions, newest } = await ports.readVersions(key, blob.name)
  const kind = classifyDrop(blob, versions)
  if (kind === 'known') {
    const known = versions.find((version) => version.etag === blob.etag)
    return { acceptance: 'known', waits: known?.state === 'pending' }
  }
  const state = kind === 'unchanged' ? 'unchanged' : 'pending'
  const isNewest = versions.every(({ lastModifiedAtMs }) => lastModifiedAtMs <= blob.lastModifiedMs)
  const inserted = await ports.insertDrop(key, newDrop(ports, blob, state), isNewest ? newest : undefined)
  if (inserted === 'exists') return { acceptance: 'known', waits: true }
  return { acceptance: kind === 'unchanged' ? 'unchanged' : 'accepted', waits: state === 'pending' }
}

function newDrop(ports: AcceptDropPorts, blob: LandedBlob, state: 'pending' | 'unchanged'): Drop {
  return {
    id: ports.dropId(blob.name, blob.etag),
    name: blob.name,
    etag: blob.etag,
    sizeBytes: blob.sizeBytes,
    md5: blob.md5,
    lastModifiedAtMs: blob.lastModifiedMs,
    acceptedAtMs: ports.now(),
    state,
  }
}

/**
 * Read after the drop was written: either this sees that nothing is in flight, or the end of that run sees the drop. A drop
 * that was recorded before may have come again because its worker died.
 */
async function startSoon(
  ports: AcceptDropPorts,
  settings: ModelSettings,
  acceptance: Recorded['acceptance'],
): Promise<void> {
  if (settings.schedule !== undefined) return
  const head = (await ports.readHead(settings))?.value
  if (acceptance === 'known' && head !== undefined && !needsStartRequest(head, ports.now()))
    return repeatStart(ports, settings, head)
  await requestStart(ports, settings, Math.min(settings.quietSeconds, settings.maxQuietSeconds), head)
}
