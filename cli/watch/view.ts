import { statePart, wordsOf } from '../output/state.ts'
import { type Part, pad } from '../output/text.ts'
import { ago, instant } from '../output/when.ts'
import { type Change, isBusy, type Watched } from './changes.ts'

/** A change as a line: `2026-11-21 13:45:07Z  contoso/census  generation 3  live`. Pure. */
export function changeLine({ at, customerId, model, generation, state, reason }: Change): Part[] {
  const run = generation === undefined ? '' : `generation ${generation}  `
  return [
    `${instant(at)}  ${pad(`${customerId}/${model}`, 28)}  ${run}`,
    statePart(state),
    reason === undefined ? '' : `  ${reason.split('\n', 1)[0]}`,
  ]
}

/** What the screen shows, at most `height` lines: how many are in which state, what is under way, and the last changes. Pure. */
export function screenLines(
  models: readonly Watched[],
  changes: readonly Change[],
  { height, nowMs }: { height: number; nowMs: number },
): Part[][] {
  const busy = models.filter(isBusy)
  const room = Math.max(0, height - 5)
  const mostBusy = Math.min(busy.length, Math.ceil(room / 2))
  const left = busy.length - mostBusy
  const isQuiet = busy.length + changes.length === 0
  return [
    [`${models.length} models: ${countStates(models)}`],
    [''],
    ...(isQuiet ? [[{ text: 'nothing has changed yet; Ctrl-C ends', colour: 'faint' } as const]] : []),
    ...busy.slice(0, mostBusy).map((model) => busyLine(model, nowMs)),
    ...(left > 0 ? [[`  and ${left} more under way`]] : []),
    ...(mostBusy > 0 ? [['']] : []),
    ...changes.slice(-Math.max(0, room - mostBusy)).map(changeLine),
  ]
}

function busyLine({ customerId, model, newest }: Watched, nowMs: number): Part[] {
  return [
    `  ${pad(`${customerId}/${model}`, 28)}  generation ${newest?.generation}  `,
    statePart(newest?.state ?? ''),
    `  since ${ago(newest?.updatedAt, nowMs).replace(' ago', '')}`,
  ]
}

/** `18 live, 2 awaiting approval`: each state and how many are in it, the most frequent first. Pure. */
export function countStates(models: readonly Watched[]): string {
  const counts = new Map<string, number>()
  for (const { state = 'damaged' } of models) counts.set(state, (counts.get(state) ?? 0) + 1)
  const sorted = [...counts].sort(([, one], [, other]) => other - one)
  return sorted.map(([state, count]) => `${count} ${wordsOf(state)}`).join(', ')
}
