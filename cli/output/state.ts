import type { Colour, Part } from './text.ts'

const colours: Readonly<Record<string, Colour>> = {
  live: 'good',
  failed: 'bad',
  quarantined: 'bad',
  rejected: 'warn',
  awaitingApproval: 'warn',
  cancelled: 'faint',
  superseded: 'faint',
  paused: 'faint',
  queued: 'busy',
  submitted: 'busy',
  training: 'busy',
  trained: 'busy',
  updating: 'busy',
}

/** `awaitingApproval` as people read it: `awaiting approval`. Pure. */
export function wordsOf(state: string): string {
  return state.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** A state in its words and its colour. Pure. */
export function statePart(state: string): Part {
  const colour = colours[state]
  return colour === undefined ? wordsOf(state) : { text: wordsOf(state), colour }
}
