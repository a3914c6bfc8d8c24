import type { AppPorts } from '../../shared/adapters/appPorts.ts'
import type { Claim, Head } from '../../shared/retraining/head.ts'
import { type ModelKey, modelPath } from '../../shared/retraining/names.ts'
import type { Stored } from '../../shared/retraining/stores.ts'
import { joinedSetsForgotten, liveModelOutlived } from './keepBugs.ts'
import { oldDaysNeverSeen, youngestFirst } from './listBugs.ts'
import type { Invocation } from './sim.ts'

/** A planted bug: the ports of one invocation, wired wrongly. The product's own code stays as it is. */
export type Bug = (ports: AppPorts, invocation: Invocation) => AppPorts

type Commit = AppPorts['commit']

/** The claim is never written: every worker believes in its own. */
const noClaimBeforePatch: Bug = (ports) => {
  let own: Claim | undefined
  const commit: Commit = async (key, changes) => {
    if (changes.head === undefined) return ports.commit(key, changes)
    const { claim, ...value } = changes.head.value
    const outcome = await ports.commit(key, { ...changes, head: { ...changes.head, value } })
    if (outcome === 'committed') own = claim
    return outcome
  }
  const readHead = async (...key: Parameters<AppPorts['readHead']>) => {
    const stored = await ports.readHead(...key)
    return stored === undefined || own === undefined ? stored : withHead(stored, { claim: own })
  }
  return { ...ports, commit, readHead }
}

function withHead(stored: Stored<Head>, change: Partial<Head>): Stored<Head> {
  return { ...stored, value: { ...stored.value, ...change } }
}

/** Who decides on a claim sees no floor; a check, which asks the endpoint first, sees it. */
const floorIgnored: Bug = (ports, invocation) => {
  if (!invocation.id.includes(' updateEndpoint#')) return ports
  let floor = 0
  let hasDescribed = false
  return {
    ...ports,
    describeEndpoint(endpoint) {
      hasDescribed = true
      return ports.describeEndpoint(endpoint)
    },
    async readHead(key) {
      const stored = await ports.readHead(key)
      if (stored === undefined || hasDescribed || stored.value.claim !== undefined) return stored
      floor = stored.value.floor
      return withHead(stored, { floor: 0 })
    },
    commit(key, changes) {
      const { head } = changes
      if (head === undefined) return ports.commit(key, changes)
      const value = { ...head.value, floor: Math.max(floor, head.value.floor) }
      return ports.commit(key, { ...changes, head: { ...head, value } })
    },
  }
}

/** The job runs before anybody wrote down its id. */
const startBeforeRecord: Bug = (ports) => ({
  ...ports,
  async submitJob(service, input) {
    const id = await ports.submitJob(service, input)
    await ports.startJob(service, id)
    return id
  },
})

/** The end of a run looks for waiting drops first, some of them before the model is archived, and clears in-flight then. */
const clearedAfterListing: Bug = (ports) => {
  const found = new Map<string, boolean>()
  const look = async (key: ModelKey) => {
    if (!found.has(modelPath(key))) found.set(modelPath(key), await ports.hasPending(key))
  }
  return {
    ...ports,
    archiveOutput: (key, ...rest) => look(key).then(() => ports.archiveOutput(key, ...rest)),
    async commit(key, changes) {
      const ends = changes.head !== undefined && changes.head.value.inFlight === undefined
      if (ends && (changes.runs?.length ?? 0) > 0) await look(key)
      return ports.commit(key, changes)
    },
    async hasPending(key) {
      const answer = found.get(modelPath(key)) ?? (await ports.hasPending(key))
      found.delete(modelPath(key))
      return answer
    },
  }
}

/** Drops are marked when the manifest is written, before its generation is committed. */
const markedBeforeCommit: Bug = (ports) => ({
  ...ports,
  async writeManifest(manifest) {
    const name = await ports.writeManifest(manifest)
    await ports.markTaken(manifest, manifest.drops)
    return name
  },
})

/** A poll message is deleted when it is received, and sent anew when its job is to be asked for later. */
const deletedBeforeNext: Bug = (ports) => ({
  ...ports,
  async receivePolls(count) {
    const messages = await ports.receivePolls(count)
    for (const message of messages) if (message.body !== undefined) await message.remove()
    return messages.map((message) => {
      const { body } = message
      if (body === undefined) return message
      return {
        ...message,
        remove: async () => undefined,
        hide: (seconds) => ports.sendPoll(body, seconds),
      }
    })
  },
})

/** Every poll message counts as the run's own. */
const tokenIgnored: Bug = (ports) => ({
  ...ports,
  async readRun(key) {
    const stored = await ports.readRun(key)
    if (stored?.value.poll === undefined || !('token' in key)) return stored
    return { ...stored, value: { ...stored.value, poll: { ...stored.value.poll, token: String(key.token) } } }
  },
})

/** ETags as HTTP answers them are taken for ETags as the listing names them. */
const quotedEtag: Bug = (ports) => ({
  ...ports,
  async readBlobFacts(name) {
    const facts = await ports.readBlobFacts(name)
    return facts && { ...facts, etag: `"${facts.etag}"` }
  },
})

/** The run's row keeps the token that its job was given. */
const sasStored: Bug = (ports) => {
  let verdict: string | undefined
  return {
    ...ports,
    async signInput(...input) {
      const location = await ports.signInput(...input)
      verdict = location.baseLocation + location.relativeLocation + location.sasBlobToken
      return location
    },
    commit(key, changes) {
      if (verdict === undefined || changes.runs === undefined) return ports.commit(key, changes)
      const runs = changes.runs.map((run) => ({ ...run, value: { ...run.value, verdict } }))
      return ports.commit(key, { ...changes, runs })
    },
  }
}

/** A slot whose lease ran out is free, whatever its job does. */
const slotFreedByTime: Bug = (ports) => ({
  ...ports,
  async readSlots(service) {
    const { slots } = await ports.readSlots(service)
    const over = slots.filter(({ leaseUntilAtMs }) => leaseUntilAtMs < ports.now())
    for (const { token } of over) await ports.freeSlot(service, token)
    return { slots: slots.filter((slot) => !over.includes(slot)) }
  },
})

/** A rollback pins and leaves the floor where it was, so that what was opened before may still update once it is unpinned. */
const rollbackWithoutFloor: Bug = (ports) => ({
  ...ports,
  async commit(key, changes) {
    const { head } = changes
    const before = (await ports.readHead(key))?.value
    if (head?.value.pin === undefined || head.value.pin.atMs === before?.pin?.atMs) {
      return ports.commit(key, changes)
    }
    const value = { ...head.value, floor: before?.floor ?? 0, barred: before?.barred }
    return ports.commit(key, { ...changes, head: { ...head, value } })
  },
})

/** Every bug that can be planted, by the name that `--bug` takes. */
export const bugs: Readonly<Record<string, Bug>> = {
  'no-claim-before-patch': noClaimBeforePatch,
  'floor-ignored': floorIgnored,
  'start-before-record': startBeforeRecord,
  'cleared-after-listing': clearedAfterListing,
  'marked-before-commit': markedBeforeCommit,
  'slot-freed-by-time': slotFreedByTime,
  'youngest-first': youngestFirst,
  'deleted-before-next': deletedBeforeNext,
  'token-ignored': tokenIgnored,
  'quoted-etag': quotedEtag,
  'sas-stored': sasStored,
  'rollback-without-floor': rollbackWithoutFloor,
  'old-days-never-seen': oldDaysNeverSeen,
  'joined-sets-forgotten': joinedSetsForgotten,
  'live-model-outlived': liveModelOutlived,
}
