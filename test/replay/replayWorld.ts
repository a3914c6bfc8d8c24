import { type AppPorts, createAppPorts } from '../../shared/adapters/appPorts.ts'
import type { Drop } from '../../shared/retraining/drop.ts'
import type { RunExport } from '../../shared/retraining/exportRun.ts'
import type { CopyOutcome, Manifest, ManifestDrop } from '../../shared/retraining/generation.ts'
import type { Head } from '../../shared/retraining/head.ts'
import type { Columns } from '../../shared/retraining/planAppend.ts'
import type { Run } from '../../shared/retraining/run.ts'
import { createMemoryReceiver } from '../fakes/memoryReceiver.ts'
import { createVirtualClock, type VirtualClock } from '../fakes/virtualClock.ts'
import { limits as usualLimits } from '../fakes/world.ts'
import { createMemoryStores } from '../simulation/stores.ts'
import { createTape, recordedServices, type Tape } from './recordedAnswers.ts'

/** The app over memory, as it stood when the run was opened or sent again. */
export type ReplayWorld = {
  ports: AppPorts
  clock: VirtualClock
  tape: Tape
  /** PATCHes that pointed elsewhere than the run's own. */
  patches: { got: string; expected: string }[]
}

/** A text of the timeline that an operator's sending again leaves. */
export const sentAgain = /^sent again by an operator/

/** Makes the world of an export: settings, services, model archive and clock say what they said then. */
export async function createReplayWorld(exported: RunExport): Promise<ReplayWorld> {
  const { run } = exported
  const clock = createVirtualClock(run.openedAtMs)
  const tape = createTape(run, clock)
  const patches: ReplayWorld['patches'] = []
  const services = recordedServices(tape, (got, expected) => {
    if (got !== expected) patches.push({ got, expected })
  })
  const silent = () => undefined
  let ids = 0
  const ports = createAppPorts(
    createMemoryStores(clock),
    {
      ...services,
      ...createMemoryReceiver(),
      openOutput: () => Promise.reject(new Error('Cannot read an output: a replay has none')),
      now: clock.now,
      random: () => 0.5,
      newId: () => `id${++ids}`,
      redact: (text) => text,
      log: { info: silent, warn: silent, error: silent },
    },
    { ...usualLimits, ...exported.limits, retrySeconds: 0.001 },
  )
  Object.assign(ports, archiveOf(exported), inputsOf(exported), settingsOf(tape))
  await seed(ports, exported)
  return { ports, clock, tape, patches }
}

function settingsOf(tape: Tape): Pick<AppPorts, 'readSettings' | 'readTrainingService'> {
  return {
    readSettings: async () => tape.byNow('settings'),
    readTrainingService: async () => tape.byNow('service'),
  }
}

/** The archive answers what it holds; where it is, is as the PATCH of the run had it. */
function archiveOf({ run, evaluation }: RunExport): Partial<AppPorts> {
  const patch =
    run.answers?.find(({ call, answer }) => call === 'updateEndpoint' && answer.includes('"location"'))
      ?.answer ?? '{}'
  const { location } = JSON.parse(patch) as { location?: { baseLocation: string; relativeLocation: string } }
  const model = run.archive?.model
  const isOwn = model !== undefined && location?.relativeLocation.endsWith(model.name) === true
  const before = isOwn ? location.relativeLocation.slice(0, -model.name.length) : 'models/'
  return {
    archiveOutput: async (_key, file) => {
      const found = file.endsWith('.csv') ? run.archive?.evaluation : model
      if (found === undefined) throw new Error('Cannot archive an output: the run has none')
      return found
    },
    readEvaluation: async () => evaluation ?? '',
    hasModel: async () => true,
    signModel: async (_key, name) => ({
      baseLocation: location?.baseLocation ?? '',
      relativeLocation: `${before}${name}`,
      sasBlobToken: '',
    }),
  }
}

/** Copies, headers and joined sets come out as the manifest says. */
function inputsOf({ manifest }: RunExport): Partial<AppPorts> {
  const byId = new Map(manifest.drops.map((drop) => [drop.id, drop]))
  const byCopy = new Map(manifest.drops.map((drop) => [drop.copy, drop]))
  const missing = manifest.drops.flatMap(({ reason }) => named(reason, 'missing'))
  const columns = ['a column', ...new Set(missing)]
  return {
    copyDrop: async (_key, { id }): Promise<CopyOutcome> => outcomeOf(byId.get(id)),
    readColumns: async (_key, copy) => columnsOf(columns, byCopy.get(copy)),
    joinSet: async () => {
      if (manifest.input === undefined) throw new Error('Cannot join a set: the generation has none')
      return { kind: 'joined', input: manifest.input }
    },
    listExcluded: async () => (manifest.leftOut ?? []).map(({ id }) => id),
  }
}

function outcomeOf(drop: ManifestDrop | undefined): CopyOutcome {
  if (drop?.copy !== undefined) return { kind: 'copied', copy: drop.copy, sha256: drop.sha256 }
  if (drop?.use !== 'refused') return { kind: 'overwritten' }
  return { kind: 'refused', reason: drop.reason ?? '' }
}

/** Columns that differ as the reason of a refusal tells: `its columns differ: missing a, b; unknown c`. */
const columnsOf: (columns: string[], drop?: ManifestDrop) => Columns = (columns, drop) => {
  const reason = drop?.use === 'refused' ? drop.reason : undefined
  if (reason === 'it has a column twice') return { kind: 'columns', names: [...columns, ...columns] }
  if (reason !== undefined && !/^its columns differ: /.test(reason)) return { kind: 'unfit', reason }
  const rest = columns.filter((name) => !named(reason, 'missing').includes(name))
  return { kind: 'columns', names: [...rest, ...named(reason, 'unknown')] }
}

function named(reason: string | undefined, what: 'missing' | 'unknown'): string[] {
  const list = new RegExp(`^its columns differ: .*?\\b${what} ([^;]+)`).exec(reason ?? '')?.[1]
  return list?.split(', ') ?? []
}

/** The head, the model that was live, and what waited. A run that was sent again stands as it did after that. */
async function seed(ports: AppPorts, { run, manifest, live }: RunExport): Promise<void> {
  const { customerId, model, generation } = run
  const key = { customerId, model }
  const before: Head = {
    lastGeneration: generation - 1,
    live: live?.generation,
    floor: live?.generation ?? 0,
    usualJobSeconds: run.usualJobSeconds,
    retrain: askedFor(run, manifest),
  }
  const again = run.timeline.findLastIndex(({ text }) => sentAgain.test(text))
  const runs: Run[] = [...liveRun(run, live)]
  if (again >= 0) runs.push(sentAgainRun(run, again))
  const opened = { lastGeneration: generation, inFlight: generation, retrain: undefined }
  const head = again >= 0 ? { ...before, ...opened } : before
  if (manifest.earlier.length + (manifest.leftOut?.length ?? 0) > 0 && again < 0) {
    runs.push(...(await previousRun(ports, run, manifest, runs)))
  }
  await ports.commit(key, { head: { value: head }, runs: runs.map((value) => ({ value })) })
  if (again < 0) for (const drop of manifest.drops) await ports.insertDrop(key, pending(drop))
}

function pending({ id, name, etag, sizeBytes, md5, lastModifiedAtMs, acceptedAtMs }: ManifestDrop): Drop {
  return { id, name, etag, sizeBytes, md5, lastModifiedAtMs, acceptedAtMs, state: 'pending' }
}

/** Who asked for the generation, as its first entry tells. */
function askedFor(run: Run, manifest: Manifest): Head['retrain'] {
  const [, by, reason] = /, asked for by (.+?): (.*)$/.exec(run.timeline[0]?.text ?? '') ?? []
  if (by === undefined || reason === undefined) return undefined
  return { by, reason, atMs: run.openedAtMs, again: manifest.drops.length === 0 }
}

function liveRun(run: Run, live: RunExport['live']): Run[] {
  if (live === undefined) return []
  const { customerId, model, manifest, trainingService } = run
  const file = { name: 'live', sizeBytes: 0, sha256: live.modelSha256 ?? '' }
  return [
    {
      ...{ customerId, model, manifest, trainingService, generation: live.generation, state: 'live' },
      ...{ attempt: 1, platformFailures: 0, openedAtMs: 0, updatedAtMs: 0, metrics: live.metrics },
      archive: { model: file, evaluation: file },
      timeline: [],
    },
  ]
}

function sentAgainRun(run: Run, again: number): Run {
  const { customerId, model, generation, manifest, input, trainedOn, trainingService } = run
  const { usualJobSeconds, openedAtMs, attempt, platformFailures: _failures } = run
  return {
    ...{ customerId, model, generation, manifest, input, trainedOn, trainingService, usualJobSeconds },
    ...{ openedAtMs, state: 'queued', attempt, platformFailures: 0, updatedAtMs: openedAtMs },
    timeline: run.timeline.slice(0, again + 1),
  }
}

/** The generation before, as far as its manifest names what is used again. */
async function previousRun(
  ports: AppPorts,
  run: Run,
  manifest: Manifest,
  seeded: readonly Run[],
): Promise<Run[]> {
  const generation = run.generation - 1
  const parts = { earlier: manifest.earlier, leftOut: manifest.leftOut }
  const name = await ports.writeManifest({ ...manifest, ...parts, drops: [], generation, input: undefined })
  const there = seeded.find((one) => one.generation === generation)
  if (there !== undefined) {
    Object.assign(there, { manifest: name })
    return []
  }
  const [other] = liveRun(run, { generation })
  return other === undefined ? [] : [{ ...other, state: 'superseded', manifest: name }]
}
