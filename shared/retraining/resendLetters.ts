import { concurrently } from './concurrently.ts'
import { isOpenLetter } from './dismissLetter.ts'
import { type ResendLetterPorts, type Resent, resendLetter } from './resendLetter.ts'
import type { ListedLetter } from './stores.ts'

/** What sending several dead letters again needs. */
export type ResendLettersPorts = ResendLetterPorts & {
  readDeadLetters(page: { size: number; next?: string }): Promise<{ letters: ListedLetter[]; next?: string }>
}

/** A letter and what became of it. */
export type ResentLetter = { letter: ListedLetter; resent: Resent }

const pageSize = 100
const atOnce = 8

/**
 * Sends the letters again that were not sent yet, `most` of them; one that is refused stops no other. After `untilMs` it ends
 * with the page at hand and answers where to go on.
 */
export async function resendLetters(
  ports: ResendLettersPorts,
  { most, from, untilMs }: { most: number; from?: string | undefined; untilMs: number },
): Promise<{ sent: ResentLetter[]; next?: string | undefined }> {
  const sent: ResentLetter[] = []
  let next = from
  do {
    const page = await ports.readDeadLetters(
      next === undefined ? { size: pageSize } : { size: pageSize, next },
    )
    const open = page.letters.filter(isOpenLetter)
    const chosen = open.slice(0, most - sent.length)
    sent.push(
      ...(await concurrently(chosen, atOnce, async (letter) => ({
        letter,
        resent: await resendLetter(ports, letter.id),
      }))),
    )
    next = page.next
  } while (next !== undefined && sent.length < most && ports.now() < untilMs)
  return { sent, next: sent.length < most ? next : undefined }
}
