import { statePart } from '../output/state.ts'
import type { Part } from '../output/text.ts'

type Bounded = { count: number; more: boolean }

/** The fleet in numbers. `continuation`: the counts are not of all, since its time was up. Source: shared/retraining/countFleet.ts. */
export type Fleet = {
  models: number
  customers: number
  states: Readonly<Record<string, number>>
  damaged: number
  unclaimed: Bounded
  deadLetters: Bounded
  continuation?: string
}

/** The fleet in one or two lines: how many models of how many customers in which state, and what lies about. Pure. */
export function summaryParts(fleet: Fleet): Part[][] {
  const { models, customers, states, damaged, continuation } = fleet
  if (models === 0)
    return [['no customers yet: retrain apply FILE, or retrain customers add'], ...loose(fleet)]
  const shown = Object.entries(states).filter(([, count]) => count > 0)
  const soFar = continuation === undefined ? '' : ' counted so far'
  return [
    [
      `${counted(models, 'model')} of ${counted(customers, 'customer')}${soFar}: `,
      ...shown.flatMap(([state, count], at): Part[] => [
        `${at === 0 ? '' : ', '}${count} `,
        statePart(state),
      ]),
      damaged === 0 ? '' : { text: `, ${damaged} damaged`, colour: 'bad' },
    ],
    ...loose(fleet),
  ]
}

function loose({ unclaimed, deadLetters }: Fleet): Part[][] {
  return [
    ...(deadLetters.count === 0 ? [] : [[`${bounded(deadLetters, 'dead letter')}: retrain dead-letters`]]),
    ...(unclaimed.count === 0 ? [] : [[`${bounded(unclaimed, 'unclaimed drop')}: retrain unclaimed`]]),
  ]
}

function bounded({ count, more }: Bounded, what: string): string {
  return `${count}${more ? ' or more' : ''} ${what}${count === 1 && !more ? '' : 's'}`
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
