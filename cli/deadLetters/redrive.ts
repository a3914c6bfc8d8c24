import { path } from '../apiClient.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes, NotFoundError } from '../errors.ts'
import { type FollowedRun, followRun } from '../follow.ts'

/** What a dead letter is about: one that names a run can be followed. */
export type About = { id: string; source: string; customerId?: string; model?: string; generation?: number }

/** A dead letter; instants are ISO. Source: shared/api/routes/deadLetters.ts. */
export type Letter = About & { reason: string; recordedAt: string; resentAt?: string; dismissedAt?: string }

/** What became of a letter that was sent again; `run` where its run was followed to its end. */
export type Redriven = About & { outcome: 'sent' | 'again' | 'refused'; reason?: string; run?: FollowedRun }

type Page = { sent: Redriven[]; continuation?: string }

/** Sends letters again that were not sent yet, all or a few, request after request. `total`: how many there are to do. */
export async function redriveMany(
  cli: Cli,
  body: { all: true } | { canary: number },
  total: number,
): Promise<Redriven[]> {
  const progress = cli.progress(total, 'dead letters')
  const sent: Redriven[] = []
  let continuation: string | undefined
  try {
    do {
      const page: Page = await cli.api.post('dead-letters/redrive', { body, query: { continuation } })
      sent.push(...page.sent)
      progress.step(page.sent.length)
      continuation = 'all' in body ? page.continuation : undefined
    } while (continuation !== undefined)
  } finally {
    progress.stop()
  }
  return sent
}

/** Sends these letters again, one after the other; one that is refused stops no other. An id may be its beginning only. */
export async function redriveThese(cli: Cli, ids: readonly string[]): Promise<Redriven[]> {
  const sent: Redriven[] = []
  for (const id of await wholeIds(cli, ids)) {
    try {
      sent.push(await cli.api.post<Redriven>(path('dead-letters', id, 'redrive')))
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== exitCodes.refused) throw error
      sent.push({ id, source: '', outcome: 'refused', reason: error.message })
    }
  }
  return sent
}

const idLength = 64

/** Ids of which the beginning may be given, whole. Throws NotFoundError for one that is none, or several. */
export async function wholeIds(
  cli: Cli,
  ids: readonly string[],
  verb: 'redrive' | 'dismiss' = 'redrive',
): Promise<string[]> {
  if (ids.every((id) => id.length === idLength)) return [...ids]
  const known: string[] = []
  for await (const { id } of cli.api.pages<Letter>('dead-letters', { limit: 500 })) known.push(id)
  return ids.map((begin) => {
    const found = known.filter((id) => id.startsWith(begin))
    if (found[0] !== undefined && found.length === 1) return found[0]
    const reason = found.length === 0 ? 'there is none of that id' : `${found.length} ids begin so`
    throw new NotFoundError(`Cannot ${verb} dead letter ${begin}: ${reason}`)
  })
}

/** Follows the runs of letters that were sent, all at once, to their ends. A letter without a run stays as it is. */
export async function followAll(cli: Cli, sent: readonly Redriven[]): Promise<Redriven[]> {
  return Promise.all(
    sent.map(async (one): Promise<Redriven> => {
      const { outcome, customerId: customer, model, generation } = one
      if (
        outcome === 'refused' ||
        customer === undefined ||
        model === undefined ||
        generation === undefined
      ) {
        return one
      }
      return { ...one, run: await followRun(cli, { customer, model, generation, tell: () => {} }) }
    }),
  )
}

/** Whether a letter's second try went wrong: refused, or its run failed again. Pure. */
export function wentWrong({ outcome, run }: Redriven): boolean {
  return outcome === 'refused' || run?.state === 'failed' || run?.state === 'cancelled'
}
