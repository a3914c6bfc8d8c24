import { ApiError } from './apiErrors.ts'
import type { Cli } from './cli.ts'
import { modelPath } from './modelPath.ts'
import type { RunView } from './status/runs.ts'

/** A run as following sees it. */
export type FollowedRun = Pick<RunView, 'generation' | 'state' | 'reason' | 'timeline'>

/** Which run, and what is told of each new entry of its timeline. */
export type Following = {
  customer: string
  model: string
  generation: number
  tell(entry: { at: string; text: string }): void
}

const ended: ReadonlySet<string> = new Set([
  'live',
  'rejected',
  'superseded',
  'failed',
  'cancelled',
  'awaitingApproval',
])
const lookEveryMs = 1_000

/** Follows a run until it has ended or waits for a person, over restarts of the app; answers it as it is then. */
export async function followRun(
  cli: Pick<Cli, 'api' | 'pause'>,
  { customer, model, generation, tell }: Following,
): Promise<FollowedRun> {
  let told = ''
  for (;;) {
    const run = await patiently(cli, () =>
      cli.api.get<FollowedRun>(modelPath(customer, model, 'runs', generation)),
    )
    for (const entry of run.timeline.filter(({ at }) => at > told)) tell(entry)
    told = run.timeline.at(-1)?.at ?? told
    if (ended.has(run.state)) return run
    await cli.pause(lookEveryMs)
  }
}

const mostFailures = 60

/** Asks again while the app restarts, for about a minute; what it refuses, and a wrong key, is thrown at once. */
export async function patiently<Found>(cli: Pick<Cli, 'pause'>, ask: () => Promise<Found>): Promise<Found> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error) || failures >= mostFailures) throw error
      await cli.pause(lookEveryMs)
    }
  }
}

/** Whether a failure may pass by itself: the app restarts, or is busy. */
export function isPassing(error: unknown): error is Error {
  if (error instanceof ApiError) return error.status >= 500 || error.status === 429
  return error instanceof Error && 'exitCode' in error && error.exitCode === 5
}
