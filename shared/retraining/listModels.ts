import { markOfList, mayHaveChanged, sinceOf } from './changedSince.ts'
import { concurrently } from './concurrently.ts'
import { pausesOf, readState, type StatePorts } from './countFleet.ts'
import { TerminalError } from './errors.ts'
import { emptyHead, type Head } from './head.ts'
import type { Pause, PauseStore } from './hold.ts'
import { type ModelState, modelStateOf } from './modelState.ts'
import type { ModelKey } from './names.ts'
import { createLineReader, type LineReader, placeOf } from './placeInLine.ts'
import type { ListedSettings, ModelSettingsStore } from './predictiveServices.ts'
import type { Run, RunState } from './run.ts'
import type { WrittenSettings } from './settings.ts'
import type { Clock, DropStore, SlotStore } from './stores.ts'
import { firstLine } from './timeline.ts'

/** What listing models needs. */
export type ListModelsPorts = Pick<ModelSettingsStore, 'listSettings'> &
  StatePorts &
  Pick<PauseStore, 'listPauses'> &
  Pick<DropStore, 'hasPending'> &
  Pick<SlotStore, 'listWaiting'> &
  Pick<Clock, 'now'>

/** A model at a glance. `problem`: its rows can't be read, and why; nothing else is known then. */
export type ModelLine = ModelKey & {
  state?: ModelState | undefined
  trainingService?: string | undefined
  live?: { generation: number; sinceAtMs?: number | undefined } | undefined
  newest?:
    | { generation: number; state: RunState; reason?: string | undefined; updatedAtMs: number }
    | undefined
  /** Whether drops wait for a generation. */
  pending?: boolean | undefined
  /** The newest run's place in line at the training service, 1 for the first. */
  place?: number | undefined
  problem?: string | undefined
}

/** Which models are wanted, and how many; looking ends at `untilMs`, with what was found by then. */
export type ModelQuery = {
  size: number
  state?: ModelState | undefined
  customerId?: string | undefined
  /** The mark of an earlier list: only models that may have changed since, and those with a run under way. */
  changedSince?: string | undefined
  /** Where the page before ended. */
  next?: string | undefined
  untilMs: number
}

const pageSize = 100
const modelsAtOnce = 16

/**
 * A page of models in the order of their names. With a state to look for a page may be short, even empty, and still have a
 * `next`: a walk through thousands of models ends when its time is up. `mark` is for asking later what changed since; then a
 * model costs one read as a rule.
 */
export async function listModels(
  ports: ListModelsPorts,
  query: ModelQuery,
): Promise<{ items: ModelLine[]; next?: string | undefined; mark: string }> {
  const nowMs = ports.now()
  const pauses = await ports.listPauses()
  const sinceMs = query.changedSince === undefined ? undefined : sinceOf(query.changedSince, pauses)
  const around = { pauses, line: createLineReader(ports), sinceMs }
  const page = await linesOf(ports, query, around)
  return { ...page, mark: markOfList(nowMs, pauses) }
}

async function linesOf(
  ports: ListModelsPorts,
  query: ModelQuery,
  around: Around,
): Promise<{ items: ModelLine[]; next?: string | undefined }> {
  const items: ModelLine[] = []
  let { page: at, skip } = readMark(query.next)
  for (;;) {
    const page = await ports.listSettings({ size: pageSize, next: at, customerId: query.customerId })
    for (let from = skip; from < page.items.length; from += modelsAtOnce) {
      const chunk = page.items.slice(from, from + modelsAtOnce)
      const lines = await concurrently(chunk, modelsAtOnce, (item) =>
        lineIfWanted(ports, item, query.state, around),
      )
      for (const [index, line] of lines.entries()) {
        if (line !== undefined) items.push(line)
        if (items.length < query.size) continue
        const isLast = from + index + 1 === page.items.length
        return { items, next: isLast ? markOf(page.next, 0) : markOf(at, from + index + 1, true) }
      }
    }
    if (page.next === undefined || ports.now() >= query.untilMs) return { items, next: markOf(page.next, 0) }
    at = page.next
    skip = 0
  }
}

type Around = { pauses: readonly Pause[]; line: LineReader; sinceMs: number | undefined }

async function lineIfWanted(
  ports: ListModelsPorts,
  item: ListedSettings,
  wanted: ModelState | undefined,
  around: Around,
): Promise<ModelLine | undefined> {
  const { customerId, model } = item
  if ('problem' in item) return wanted === undefined ? item : undefined
  try {
    if (around.sinceMs !== undefined) {
      if (!mayHaveChanged(await ports.readHead({ customerId, model }), around.sinceMs)) return undefined
    }
    const isWanted = wanted === undefined || (await readState(ports, item.settings, around.pauses)) === wanted
    return isWanted ? await readLine(ports, item.settings, around) : undefined
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error
    return wanted === undefined ? { customerId, model, problem: error.message } : undefined
  }
}

/** Reads what a model's line says: head, newest run, live run, whether drops wait, and its place in line. */
async function readLine(
  ports: ListModelsPorts,
  settings: WrittenSettings,
  { pauses, line }: Around,
): Promise<ModelLine> {
  const { customerId, model, trainingService } = settings
  const key = { customerId, model }
  const [stored, pending] = await Promise.all([ports.readHead(key), ports.hasPending(key)])
  const head = stored?.value ?? emptyHead
  const [newest, live] = await readEnds(ports, key, head)
  return {
    ...key,
    trainingService,
    state: modelStateOf(head, settings, pausesOf(customerId, pauses), newest),
    live: head.live === undefined ? undefined : { generation: head.live, sinceAtMs: live?.liveAtMs },
    newest: newest && newestOf(newest),
    pending,
    place: newest?.state === 'queued' ? placeOf(await line(newest.trainingService), newest) : undefined,
  }
}

/** The newest run and the live one. */
async function readEnds(
  ports: StatePorts,
  key: ModelKey,
  { lastGeneration, live }: Head,
): Promise<[newest: Run | undefined, live: Run | undefined]> {
  const read = async (generation: number | undefined) =>
    generation === undefined || generation === 0
      ? undefined
      : (await ports.readRun({ ...key, generation }))?.value
  const newest = read(lastGeneration)
  return Promise.all([newest, live === lastGeneration ? newest : read(live)])
}

function newestOf({ generation, state, reason, updatedAtMs }: Run): ModelLine['newest'] {
  return { generation, state, reason: reason === undefined ? undefined : firstLine(reason), updatedAtMs }
}

/** Where a page ended: the store's page, and how many of its rows are done. */
function markOf(page: string | undefined, skip: number, isInside = false): string | undefined {
  return page === undefined && !isInside ? undefined : JSON.stringify({ page, skip })
}

function readMark(next: string | undefined): { page: string | undefined; skip: number } {
  if (next === undefined) return { page: undefined, skip: 0 }
  const { page, skip } = JSON.parse(next) as { page?: string; skip: number }
  return { page, skip }
}
