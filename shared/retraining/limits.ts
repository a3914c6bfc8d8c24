/** What a metric is compared with: a number, or the live model's own figure plus an offset. */
export type Bound = { kind: 'number'; value: number } | { kind: 'live'; offset: number }

/** One limit of a gate, `AUC >= live - 0.005`. */
export type Limit = { metric: string; comparison: '>=' | '>' | '<=' | '<'; bound: Bound }

/** Metrics by the name in the evaluation. Those of the rows held out for comparing are called `holdout AUC` and so on. */
export type Metrics = Readonly<Record<string, number>>

/**
 * How one limit came out. `missing`: a figure it needs is not there, or no finite number. `notJudged`: it compares with the
 * live model and there is none. `bound` is the number that was compared with, `live` the live model's figure.
 */
export type LimitOutcome = {
  limit: string
  outcome: 'held' | 'broken' | 'missing' | 'notJudged'
  candidate?: number | undefined
  live?: number | undefined
  bound?: number | undefined
}

/** A limit as it is written: `AUC >= live - 0.005`. {@link parseLimits} reads it back. Pure. */
export function printLimit({ metric, comparison, bound }: Limit): string {
  return `${printMetric(metric)} ${comparison} ${printBound(bound)}`
}

/** Names that would be read as something else stand in quotes. */
function printMetric(metric: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_ .%()/-]*$/u.test(metric) && !/\b(?:and|no more than)\b/i.test(metric)
  return isPlain && metric.trim() === metric && !/ {2}/.test(metric) ? metric : `"${metric}"`
}

function printBound(bound: Bound): string {
  if (bound.kind === 'number') return String(bound.value)
  if (bound.offset === 0) return 'live'
  return `live ${bound.offset < 0 ? '-' : '+'} ${Math.abs(bound.offset)}`
}

/** Compares a candidate's metrics with a limit; `live` are the live model's, undefined where none is live. Pure. */
export function judgeLimit(limit: Limit, candidate: Metrics, live: Metrics | undefined): LimitOutcome {
  const { bound } = limit
  const own = figure(candidate, limit.metric)
  const printed = { limit: printLimit(limit), candidate: own }
  if (bound.kind === 'number') return { ...printed, ...compared(limit, own, bound.value) }
  if (live === undefined) return { ...printed, outcome: own === undefined ? 'missing' : 'notJudged' }
  const theirs = figure(live, limit.metric)
  const value = theirs === undefined ? undefined : rounded(theirs + bound.offset)
  return { ...printed, live: theirs, ...compared(limit, own, value) }
}

function compared(
  { comparison }: Limit,
  own: number | undefined,
  bound: number | undefined,
): Pick<LimitOutcome, 'outcome' | 'bound'> {
  if (own === undefined || bound === undefined) return { outcome: 'missing', bound }
  const holds = { '>=': own >= bound, '>': own > bound, '<=': own <= bound, '<': own < bound }
  return { outcome: holds[comparison] ? 'held' : 'broken', bound }
}

/** 0.81 - 0.01 is 0.8, not 0.80000000000000004: a limit that is met exactly holds. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}

/** A metric by its name, also where only the case differs; undefined where it is no finite number. Pure. */
export function figure(metrics: Metrics, name: string): number | undefined {
  const key = name in metrics ? name : Object.keys(metrics).find((one) => isSameName(one, name))
  const value = key === undefined ? undefined : metrics[key]
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** One outcome as people read it: `AUC 0.71 >= 0.8 is broken`. Pure. */
export function printOutcome({ limit, outcome, candidate, live, bound }: LimitOutcome): string {
  const from = live === undefined ? '' : `, live ${shown(live)}`
  switch (outcome) {
    case 'held':
      return `${limit} holds (${shown(candidate)}${from})`
    case 'broken':
      return `${limit} is broken (${shown(candidate)}, at bound ${shown(bound)}${from})`
    case 'missing': {
      const whose = candidate === undefined ? 'the new model' : 'the live model'
      return `${limit} can't be judged: ${whose} has no such figure`
    }
    case 'notJudged':
      return `${limit} is not judged: no model is live (${shown(candidate)})`
  }
}

function shown(value: number | undefined): string {
  return value === undefined ? 'none' : String(Number(value.toPrecision(6)))
}
