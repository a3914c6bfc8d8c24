import type { z } from 'zod'
import type { listedRun, runLine, runView } from '../../shared/api/views/runView.ts'
import { statePart, wordsOf } from '../output/state.ts'
import type { Column } from '../output/table.ts'
import { type Part, pad } from '../output/text.ts'
import { ago, instant, lengthOf } from '../output/when.ts'

/** A run as the list of runs answers it, and one whole. */
export type RunLine = z.output<typeof runLine>
export type RunView = z.output<typeof runView>

/** A run as a list holds it: its row may be damaged. */
export type ListedRun = z.output<typeof listedRun>

/** The columns of {@link runRow}. */
export const runColumns: readonly Column[] = [
  { head: 'gen', align: 'right' },
  'state',
  { head: 'opened', least: 11 },
  { head: 'took', align: 'right' },
  { head: 'AUC', align: 'right' },
  'why',
]

/** A run as a row of the table. Pure; `nowMs` is epoch milliseconds. */
export function runRow(run: ListedRun, nowMs: number): Part[] {
  if ('problem' in run) return [run.generation, { text: 'damaged', colour: 'bad' }, '', '', '', run.problem]
  const { generation, state, openedAt, metrics, reason, verdict } = run
  const auc = metrics?.AUC
  return [
    generation,
    statePart(state),
    ago(openedAt, nowMs),
    tookOf(run),
    auc === undefined ? '' : auc.toFixed(3),
    firstLine(reason ?? verdict ?? ''),
  ]
}

/** From opening to its end, or to going live. */
function tookOf({ openedAt, liveAt, endedAt }: RunLine): string {
  const end = liveAt ?? endedAt
  return end === undefined ? '' : lengthOf((Date.parse(end) - Date.parse(openedAt)) / 1_000)
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? ''
const labelColumns = 10

/** A run in full: its facts, then its timeline. Pure; `nowMs` is epoch milliseconds. */
export function runLines(run: RunView, nowMs: number): Part[][] {
  const { customerId, model, generation, state, updatedAt, timeline } = run
  return [
    [
      { text: `${customerId}/${model} generation ${generation}`, colour: 'bold' },
      ' is ',
      statePart(state),
      ` since ${ago(updatedAt, nowMs).replace(/ ago$/, '')}`,
    ],
    ...factsOf(run).map(([label, text]): Part[] => [`  ${pad(label, labelColumns)}  ${text}`]),
    [''],
    ...timeline.map((entry): Part[] => [`  ${instant(entry.at)}  ${entry.text}${repeats(entry)}`]),
  ]
}

function factsOf(run: RunView): [label: string, text: string][] {
  const { trainingService, jobId, attempt, metrics, verdict, override, warrant, evidence, reason } = run
  const job = [trainingService, jobId, attempt > 1 ? `attempt ${attempt}` : undefined]
  const facts: [string, string | undefined][] = [
    ['trained on', dropsText(run)],
    ['job', job.filter((part) => part !== undefined).join(', ')],
    ['metrics', metrics && metricsText(metrics)],
    ['gate', run.decision?.gate],
    ['decision', verdict],
    ['holdout', holdoutText(run)],
    ['override', override && `${override.kind} by ${override.by}: ${override.reason}`],
    ['warrant', warrant && wordsOf(warrant)],
    ['evidence', evidence],
    ['model', run.archive && `${run.archive.model.name} (${run.archive.model.sizeBytes} bytes)`],
    ['reason', reason && firstLine(reason)],
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '')
}

const mostNamed = 3

function dropsText({ manifest }: RunView): string | undefined {
  if (manifest === undefined) return undefined
  const own = manifest.drops.filter(({ use }) => use === 'trained').map(({ name }) => name)
  const more = own.length > mostNamed ? ` and ${own.length - mostNamed} more` : ''
  const earlier =
    manifest.earlier.length === 0
      ? ''
      : `, with ${manifest.earlier.length} earlier drop${manifest.earlier.length === 1 ? '' : 's'}`
  return `${own.slice(0, mostNamed).join(', ')}${more}${earlier}`
}

function holdoutText({ holdout }: RunView): string | undefined {
  if (holdout === undefined) return undefined
  if (holdout.problem !== undefined) return holdout.problem
  const { difference, scored, blob } = holdout
  const rows = scored === undefined ? blob : `${scored} rows of ${blob}`
  if (difference === undefined) return rows
  const { measure, better, from, to } = difference
  const sign = better > 0 ? '+' : ''
  return `${measure} ${sign}${better.toFixed(4)} against live (${from.toFixed(4)} to ${to.toFixed(4)}) on ${rows}`
}

function metricsText(metrics: Readonly<Record<string, number>>): string {
  const all = Object.entries(metrics)
  return all.map(([name, value]) => `${name} ${Number(value.toFixed(4))}`).join(', ')
}

function repeats({ count, lastAt }: RunView['timeline'][number]): string {
  return count === undefined ? '' : ` (${count} times, the last at ${instant(lastAt)})`
}
