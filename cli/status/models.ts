import type { z } from 'zod'
import type { modelLine } from '../../shared/api/views/modelView.ts'
import { statePart, wordsOf } from '../output/state.ts'
import type { Column } from '../output/table.ts'
import type { Part } from '../output/text.ts'
import { ago } from '../output/when.ts'

/** A model at a glance, as the list of models answers it. */
export type ModelLine = z.output<typeof modelLine>

/** The columns of {@link modelRow}. */
export const modelColumns: readonly Column[] = [
  'customer',
  'model',
  { head: 'state', least: 18 },
  { head: 'live', align: 'right' },
  { head: 'since', least: 11 },
  { head: 'newest run', least: 20 },
  'why',
]

/** A model as a row of the table. Pure; `nowMs` is epoch milliseconds. */
export function modelRow(line: ModelLine, nowMs: number): Part[] {
  const { customerId, model, state, live, newest, problem } = line
  return [
    customerId,
    model,
    state === undefined ? { text: 'damaged', colour: 'bad' } : statePart(state),
    live?.generation ?? '-',
    live?.sinceAt === undefined ? '' : ago(live.sinceAt, nowMs),
    newest === undefined
      ? 'none yet'
      : `${newest.generation} ${wordsOf(newest.state)} ${ago(newest.updatedAt, nowMs)}`,
    problem ?? whyOf(line),
  ]
}

function whyOf({ newest, pending, place }: ModelLine): string {
  const isOdd = newest !== undefined && newest.state !== 'live'
  return [
    isOdd ? newest.reason : undefined,
    place === undefined ? undefined : `number ${place} in line`,
    pending === true ? 'drops wait' : undefined,
  ]
    .filter((part) => part !== undefined)
    .join('; ')
}
