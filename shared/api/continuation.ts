import { createHash } from 'node:crypto'
import { Problem } from './problem.ts'

const checkLength = 12

/** Seals where a page ended for the caller: opaque, and good for the same question only. `question` says which. Pure. */
export function sealContinuation(question: string, next: string): string {
  return `${checkOf(question, next)}${Buffer.from(next, 'utf8').toString('base64url')}`
}

/** The way back. Throws Problem 400 for a text that is none of ours, cut short, or another list's. Pure. */
export function openContinuation(question: string, sealed: string): string {
  const next = Buffer.from(sealed.slice(checkLength), 'base64url').toString('utf8')
  if (sealContinuation(question, next) === sealed) return next
  throw new Problem(
    400,
    'wrong-continuation',
    'Cannot go on with the list: its continuation is not one that this list, with these filters, answered; begin without it',
  )
}

function checkOf(question: string, next: string): string {
  return createHash('sha256').update(`${question}\n${next}`).digest('base64url').slice(0, checkLength)
}
