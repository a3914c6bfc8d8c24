import { pausesOf, type StatePorts } from './countFleet.ts'
import { findManifest } from './findManifest.ts'
import { emptyHead, type Head } from './head.ts'
import type { Hold } from './hold.ts'
import { type HoldPorts, holdOn } from './holdOn.ts'
import type { ListModelsPorts } from './listModels.ts'
import { type ModelState, modelStateOf } from './modelState.ts'
import type { ModelKey } from './names.ts'
import { createLineReader, placeOf } from './placeInLine.ts'
import type { Run } from './run.ts'
import { nextDueMs, type Occurrences, scheduleText } from './schedule.ts'
import type { ModelSettings } from './settings.ts'
import type { Clock, DropStore, SettingsStore, SlotStore, TrainingSets } from './stores.ts'
import { type Answers, explain } from './why.ts'
import type { Wait } from './whyFacts.ts'

/** What explaining a model needs. */
export type ExplainModelPorts = StatePorts &
  HoldPorts &
  Occurrences &
  Pick<SettingsStore, 'readSettings'> &
  Pick<DropStore, 'readPending'> &
  Pick<SlotStore, 'readSlots'> &
  Pick<ListModelsPorts, 'listWaiting' | 'listPauses'> &
  Pick<TrainingSets, 'readManifest'>

/** What answers now and why; what waits, and for what. */
export type Explanation = ModelKey & { state: ModelState; answers: Answers; waits: Wait[] }

/** Explains where a model stands, from its rows; undefined when there is no such model. */
export async function explainModel(
  ports: ExplainModelPorts,
  key: ModelKey,
): Promise<Explanation | undefined> {
  const settings = await ports.readSettings(key)
  if (settings === undefined) return undefined
  const head = (await ports.readHead(key))?.value ?? emptyHead
  const pending = await ports.readPending(key)
  const hold = withNextTime(ports, settings, head, await holdOn(ports, settings, head, pending))
  const pauses = pausesOf(key.customerId, await ports.listPauses())
  const runs = await readRuns(ports, key, head)
  const manifest = runs.live && (await findManifest(ports, key, runs.live.manifest))
  const queue = await readQueue(ports, runs.inFlight, settings)
  const facts = { settings, head, hold, pending, manifest, ...runs, ...queue, nowMs: ports.now() }
  return { ...key, state: modelStateOf(head, settings, pauses, runs.newest), ...explain(facts) }
}

/** A schedule that is new or changed is planned within a period of reconciling; its next time is known before. */
function withNextTime(
  ports: Occurrences & Pick<Clock, 'now'>,
  settings: ModelSettings,
  head: Head,
  hold: Hold | undefined,
): Hold | undefined {
  const { schedule } = settings
  if (hold?.kind !== 'scheduled' || schedule === undefined) return hold
  if (head.schedule?.text === scheduleText(schedule)) return hold
  return { ...hold, untilAtMs: nextDueMs(ports, schedule, settings, ports.now()) }
}

async function readRuns(ports: StatePorts, key: ModelKey, head: Head) {
  const { live, inFlight, awaiting = [], approved = [], lastGeneration } = head
  const read = async (generation: number | undefined): Promise<Run | undefined> =>
    generation === undefined || generation === 0
      ? undefined
      : (await ports.readRun({ ...key, generation }))?.value
  const [liveRun, run, newest, ...undecided] = await Promise.all(
    [live, inFlight, lastGeneration, ...new Set([...awaiting, ...approved])].map(read),
  )
  return { live: liveRun, inFlight: run, newest, undecided: undecided.filter((each) => each !== undefined) }
}

/** The training service's line and health, as far as a queued run waits for it. */
async function readQueue(ports: ExplainModelPorts, run: Run | undefined, settings: ModelSettings) {
  if (run?.state !== 'queued') return { place: undefined, inLine: 0, health: undefined }
  const service = run.trainingService ?? settings.trainingService
  const [line, board] = await Promise.all([createLineReader(ports)(service), ports.readSlots(service)])
  return { place: placeOf(line, run), inLine: line.length, health: board.health?.value }
}
