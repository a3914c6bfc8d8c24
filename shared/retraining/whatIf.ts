import { TerminalError } from './errors.ts'
import { type Candidate, judge, type LiveModel } from './gate.ts'
import type { LimitOutcome } from './limits.ts'
import type { ModelKey } from './names.ts'
import type { Run, RunState } from './run.ts'
import type { Gate, LimitsGate } from './settings.ts'
import type { Clock, RunStore, SettingsStore } from './stores.ts'

/** What judging past runs anew needs: `readRuns` answers the newest first, of those below a generation where one is given. */
export type WhatIfPorts = Pick<RunStore, 'readRun'> &
  Pick<SettingsStore, 'readSettings'> &
  Pick<Clock, 'now'> & {
    listModels(next: string | undefined): Promise<{ items: readonly ModelKey[]; next?: string | undefined }>
    readRuns(key: ModelKey, count: number, below?: number): Promise<Run[]>
  }

/** Which runs are judged anew, and by which limits. */
export type WhatIf = {
  limits: readonly string[]
  sinceMs: number
  customers?: ReadonlySet<string> | undefined
}

/** A run whose outcome would be another: `was` is what the gate said, whatever a person decided then. */
export type Changed = {
  customerId: string
  model: string
  generation: number
  state: RunState
  openedAtMs: number
  was: Outcome
  wouldBe: Outcome
  /** The generation that was live then. */
  live?: number | undefined
  text: string
  limits: readonly LimitOutcome[]
}

/** What a gate says of a run. */
export type Outcome = 'update' | 'approve' | 'reject'

/** Where a walk over the fleet stopped: so many models into the page that `next` begins. */
export type WhatIfCursor = { next?: string | undefined; models: number }

/** What was found so far; with `cursor` more may follow. `judged` counts runs; `unreadable` are models whose rows are damaged. */
export type WhatIfPage = {
  changed: Changed[]
  judged: number
  models: number
  unreadable: ModelKey[]
  cursor?: WhatIfCursor
}

const budgetMs = 20_000
const runsAtOnce = 100
const mostRunsOfModel = 2_000

/**
 * Judges past runs anew, as if each model's gate had these limits and else were what it is, model after model, from where the last page stopped; ends with the fleet, when enough is found, or
 * when its time is over. Changes nothing. `limits` are ones that can be read.
 */
export async function whatIf(
  ports: WhatIfPorts,
  asked: WhatIf,
  { from, most }: { from: WhatIfCursor; most: number },
): Promise<WhatIfPage> {
  const endsAtMs = ports.now() + budgetMs
  const found: WhatIfPage = { changed: [], judged: 0, models: 0, unreadable: [] }
  for (let { next, models: done } = from; ; done = 0) {
    const page = await ports.listModels(next)
    for (const [index, key] of page.items.entries()) {
      if (index < done || asked.customers?.has(key.customerId) === false) continue
      if (found.models > 0 && (found.changed.length >= most || ports.now() >= endsAtMs))
        return { ...found, cursor: { next, models: index } }
      found.models++
      const { customerId, model } = key
      const anew = await rejudgeModel(ports, { customerId, model }, asked)
      if (anew === undefined) found.unreadable.push({ customerId, model })
      found.judged += anew?.judged ?? 0
      found.changed.push(...(anew?.changed ?? []))
    }
    if (page.next === undefined) return found
    next = page.next
  }
}

/** One model's damaged rows never stop the others'. */
async function rejudgeModel(ports: WhatIfPorts, key: ModelKey, { limits, sinceMs }: WhatIf) {
  try {
    const gate = gateWith(limits, (await ports.readSettings(key))?.gate)
    return rejudge(gate, await readPast(ports, key, sinceMs))
  } catch (error) {
    if (error instanceof TerminalError) return undefined
    throw error
  }
}

type Past = { runs: readonly Run[]; since: number }

/** A model's runs since then, and those before them that the first ones were compared with. */
async function readPast(ports: WhatIfPorts, key: ModelKey, since: number): Promise<Past> {
  const runs: Run[] = []
  let isOlder = false
  while (!isOlder && runs.length < mostRunsOfModel) {
    const page = await ports.readRuns(key, runsAtOnce, runs.at(-1)?.generation)
    runs.push(...page)
    isOlder = page.length < runsAtOnce || (page.at(-1)?.openedAtMs ?? 0) < since
  }
  const known = new Set(runs.map(({ generation }) => generation))
  const compared = new Set(runs.flatMap(({ decision }) => decision?.live ?? []))
  for (const generation of compared) {
    if (known.has(generation)) continue
    const run = (await ports.readRun({ ...key, generation }))?.value
    if (run !== undefined) runs.push(run)
  }
  return { runs, since }
}

/** A model's gate with other limits; whom it asks, and when, stays. Pure. */
export function gateWith(limits: readonly string[], own: Gate | undefined): LimitsGate {
  return own?.kind === 'limits' ? { ...own, limits } : { kind: 'limits', limits }
}

/** Judges each run of a model that has metrics by another gate, against the model that was live then. Pure. */
export function rejudge(gate: LimitsGate, { runs, since }: Past): { changed: Changed[]; judged: number } {
  const judgable = runs.filter((run) => run.openedAtMs >= since && outcomeThen(run) !== undefined)
  const changed = judgable.flatMap((run): Changed[] => {
    const was = outcomeThen(run)
    const live = liveThen(run, runs)
    const verdict = judge(gateOf(gate, run), candidateOf(run), live)
    if (was === undefined || verdict.kind === was) return []
    const { customerId, model, generation, state, openedAtMs } = run
    const { limits } = verdict.decision
    const found = { state, openedAtMs, was, wouldBe: verdict.kind, live: live?.generation }
    return [{ customerId, model, generation, ...found, text: verdict.text, limits }]
  })
  return { changed, judged: judgable.length }
}

/** A run from before its model had a holdout is judged without it. */
function gateOf(gate: LimitsGate, { holdout }: Run): LimitsGate {
  return holdout === undefined ? { ...gate, holdout: undefined } : gate
}

function candidateOf({ metrics = {}, oddMetrics, holdout }: Run): Candidate {
  return { metrics, oddMetrics, holdout }
}

/** What the gate said then; of runs from before decisions were kept, as far as the rest tells. Undefined: it was not asked. */
function outcomeThen({ decision, metrics, warrant, state }: Run): Outcome | undefined {
  if (decision !== undefined) return decision.verdict
  if (metrics === undefined) return undefined
  if (warrant === 'gatePassed' || warrant === 'firstModel') return 'update'
  if (state === 'awaitingApproval') return 'approve'
  return state === 'rejected' ? 'reject' : undefined
}

/** The model that was live when the run was judged: as it was recorded, else the last one that had got live by then. */
function liveThen(run: Run, runs: readonly Run[]): LiveModel | undefined {
  const { decision, generation, trainedAtMs = 0 } = run
  if (decision !== undefined) {
    const live = runs.find((other) => other.generation === decision.live)
    return decision.live === undefined
      ? undefined
      : { generation: decision.live, metrics: live?.metrics ?? {} }
  }
  const before = runs.filter(
    (other) => other.generation !== generation && (other.liveAtMs ?? Infinity) <= trainedAtMs,
  )
  const [last] = before.toSorted((one, other) => (other.liveAtMs ?? 0) - (one.liveAtMs ?? 0))
  return last && { generation: last.generation, metrics: last.metrics ?? {} }
}
