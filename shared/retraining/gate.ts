import type { Decision } from './decision.ts'
import { type HoldoutResult, namedFigures } from './holdout.ts'
import { judgeLimit, type LimitOutcome, type Metrics, printLimit, printOutcome } from './limits.ts'
import { weighDifference } from './pairedDifference.ts'
import { readLimits } from './parseLimits.ts'
import type { Warrant } from './run.ts'
import type { Gate, LimitsGate } from './settings.ts'

/** What the gate says of a trained model. `warrant` is what an update may name as its reason. */
export type Verdict = { text: string; decision: Omit<Decision, 'decidedAtMs'> } & (
  | { kind: 'update'; warrant: Warrant }
  | { kind: 'reject' | 'approve' }
)

/** A trained model as the gate sees it. */
export type Candidate = {
  metrics: Metrics
  /** Metrics of the evaluation that are no finite numbers, with their text. */
  oddMetrics?: Readonly<Record<string, string>> | undefined
  holdout?: HoldoutResult | undefined
}

/** The model that answers now. */
export type LiveModel = { generation: number; metrics: Metrics }

/** What speaks for asking or rejecting, with its sentence. */
type Finding = { kind: 'reject' | 'approve' | 'note'; text: string }

/**
 * Judges a trained model; `live` is the model that answers now, if one of ours does. A figure that a limit needs and that is
 * not there never passes. Throws TerminalError when a limit can't be read. Pure.
 */
export function judge(gate: Gate, candidate: Candidate, live: LiveModel | undefined): Verdict {
  const warrant = live === undefined ? 'firstModel' : 'gatePassed'
  if (gate.kind === 'always') {
    const metrics = Object.keys(candidate.metrics).length
    const text = `passed gate always (${metrics === 0 ? 'no metrics' : `${metrics} metrics`})`
    const decision = { verdict: 'update', gate: 'always', live: live?.generation, limits: [] } as const
    return { kind: 'update', warrant, text, decision }
  }
  const { limits, band } = judgeAll(gate, candidate, live)
  const findings = [
    ...limits.map((outcome) => findingOf(gate, outcome)),
    ...holdoutFindings(gate, candidate.holdout, live),
    ...approvalFindings(gate, band),
  ]
  const kind = verdictOf(findings)
  const needsList = [...limits, ...(band ?? [])].some(({ outcome }) => outcome === 'missing')
  const decision = decisionOf(gate, { kind, live, limits, band, holdout: candidate.holdout })
  const text = sentenceOf(kind, findings, needsList ? evaluationHas(candidate) : undefined)
  return kind === 'update' ? { kind, warrant, text, decision } : { kind, text, decision }
}

function judgeAll(gate: LimitsGate, { metrics, holdout }: Candidate, live: LiveModel | undefined) {
  const own = { ...metrics, ...namedFigures(holdout?.candidate) }
  const theirs = live && { ...live.metrics, ...namedFigures(holdout?.champion) }
  const outcomes = (texts: readonly string[]) =>
    texts.flatMap(readLimits).map((limit) => judgeLimit(limit, own, theirs))
  const { approval } = gate
  const band = typeof approval === 'object' ? outcomes(approval.outside) : undefined
  return { limits: outcomes(gate.limits), band }
}

function decisionOf(
  gate: LimitsGate,
  from: {
    kind: Decision['verdict']
    live: LiveModel | undefined
    limits: readonly LimitOutcome[]
    band: readonly LimitOutcome[] | undefined
    holdout: HoldoutResult | undefined
  },
): Verdict['decision'] {
  const { kind: verdict, live, limits, band, holdout } = from
  return { verdict, gate: printGate(gate), live: live?.generation, limits, band, holdout }
}

function findingOf({ missing = 'reject' }: LimitsGate, outcome: LimitOutcome): Finding {
  const kinds = { held: 'note', notJudged: 'note', broken: 'reject', missing } as const
  return { kind: kinds[outcome.outcome], text: printOutcome(outcome) }
}

function approvalFindings({ approval }: LimitsGate, band: readonly LimitOutcome[] | undefined): Finding[] {
  if (approval === 'always') return [{ kind: 'approve', text: 'every update needs an approval' }]
  return (band ?? []).map((outcome) => {
    const isInside = outcome.outcome === 'held' || outcome.outcome === 'notJudged'
    return { kind: isInside ? 'note' : 'approve', text: printOutcome(outcome) }
  })
}

function holdoutFindings(
  { holdout, missing = 'reject' }: LimitsGate,
  result: HoldoutResult | undefined,
  live: LiveModel | undefined,
): Finding[] {
  if (holdout === undefined) return []
  if (result?.problem !== undefined)
    return [{ kind: missing, text: `not compared on the holdout: ${result.problem}` }]
  if (live === undefined)
    return [{ kind: 'note', text: 'not compared on the holdout with a live model: none is live' }]
  const difference = result?.difference
  if (difference === undefined)
    return [{ kind: missing, text: `not compared on the holdout: it gives no ${holdout.measure}` }]
  const weighed = weighDifference(difference, holdout.margin)
  const kinds = { holds: 'note', worse: 'reject', unsure: unsureKind(holdout.unsure) } as const
  const { measure, better, from, to } = difference
  const says = { holds: 'not worse', worse: 'worse', unsure: 'not surely as good' }[weighed]
  const figures = `${measure} better by ${short(better)}, ${short(from)} to ${short(to)}`
  const text = `${says} on the same ${result?.scored ?? 0} rows (${figures}, margin ${holdout.margin})`
  return [{ kind: kinds[weighed], text }]
}

function unsureKind(unsure: 'update' | 'approve' | 'reject' = 'approve'): Finding['kind'] {
  return unsure === 'update' ? 'note' : unsure
}

function verdictOf(findings: readonly Finding[]): Decision['verdict'] {
  if (findings.some(({ kind }) => kind === 'reject')) return 'reject'
  return findings.some(({ kind }) => kind === 'approve') ? 'approve' : 'update'
}

const openings = { update: 'passed the gate', reject: 'rejected by the gate', approve: 'needs an approval' }

/** What decided comes first. */
function sentenceOf(
  kind: Decision['verdict'],
  findings: readonly Finding[],
  has: string | undefined,
): string {
  const deciding = findings.filter((finding) => finding.kind === kind)
  const others = findings.filter((finding) => finding.kind !== kind)
  const texts = [...deciding, ...others].map(({ text }) => text)
  return [`${openings[kind]}: ${texts.join('; ') || 'it has no limits'}`, has ?? []].flat().join('; ')
}

/** Which metrics the evaluation had: whoever misses one looks for its name here. */
function evaluationHas({ metrics, oddMetrics = {} }: Candidate): string {
  const names = Object.keys(metrics).join(', ') || 'no metrics'
  const odd = Object.entries(oddMetrics).map(([name, text]) => `${name} "${text}"`)
  return `the evaluation has ${names}${odd.length === 0 ? '' : `, and no finite ${odd.join(', ')}`}`
}

/** A gate in words, its limits as {@link printLimit} writes them. Throws TerminalError when one can't be read. Pure. */
export function printGate(gate: Gate): string {
  if (gate.kind === 'always') return 'always'
  const printed = (texts: readonly string[]) => texts.flatMap(readLimits).map(printLimit).join(' and ')
  const { approval = 'never', holdout, limits } = gate
  const parts = [printed(limits) || 'no limits']
  if (holdout !== undefined)
    parts.push(`on ${holdout.blob} ${holdout.measure} within ${holdout.margin} of live`)
  if (approval === 'always') parts.push('always asks')
  else if (approval !== 'never') parts.push(`asks outside ${printed(approval.outside)}`)
  return parts.join('; ')
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
