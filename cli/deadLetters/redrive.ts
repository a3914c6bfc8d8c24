import { path } from '../apiClient.ts'
import type { Cli } from '../cli.ts'
import { CliError } from '../errors.ts'
import { type FollowedRun, followRun } from '../follow.ts'

/** A dead letter; one that names a run can be followed. Source: shared/api/routes/deadLetters.ts. */
export type Letter = {
  id: string
  source: string
  reason: string
  customerId?: string
  model?: string
  generation?: number
  recordedAt: string
  resentAt?: string
}

/** What became of a letter that was sent again: `ended` for one whose run was followed. */
export type Redriven =
  | { letter: Letter; kind: 'sent' }
  | { letter: Letter; kind: 'refused'; reason: string }
  | { letter: Letter; kind: 'ended'; run: FollowedRun }

const atOnce = 4

/** Sends letters again, a few at once; one that is refused stops no other. */
export async function redriveAll(cli: Cli, letters: readonly Letter[]): Promise<Redriven[]> {
  const progress = cli.progress(letters.length, 'dead letters')
  const left = [...letters.entries()]
  const done: Redriven[] = []
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, letter] = next
      done[at] = await redriveOne(cli, letter)
      progress.step()
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
  } finally {
    progress.stop()
  }
  return done
}

async function redriveOne(cli: Cli, letter: Letter): Promise<Redriven> {
  try {
    await cli.api.post(path('dead-letters', letter.id, 'redrive'))
    return { letter, kind: 'sent' }
  } catch (error) {
    // Wrong key, stopped app: the other letters would fare no better.
    if (!(error instanceof CliError) || error.exitCode === 5 || error.exitCode === 1) throw error
    return { letter, kind: 'refused', reason: error.message }
  }
}

/** Follows the runs of letters that were sent, all at once, to their ends. A letter without a run stays `sent`. */
export async function followAll(cli: Cli, sent: readonly Redriven[]): Promise<Redriven[]> {
  return Promise.all(
    sent.map(async (one): Promise<Redriven> => {
      const { letter } = one
      const { customerId: customer, model, generation } = letter
      if (one.kind !== 'sent' || customer === undefined || model === undefined || generation === undefined) {
        return one
      }
      const run = await followRun(cli, { customer, model, generation, tell: () => {} })
      return { letter, kind: 'ended', run }
    }),
  )
}

/** Whether a letter's second try went wrong: refused, or its run failed again. Pure. */
export function wentWrong(one: Redriven): boolean {
  return one.kind === 'refused' || (one.kind === 'ended' && ['failed', 'cancelled'].includes(one.run.state))
}
