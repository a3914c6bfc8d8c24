import { ApiError } from '../apiErrors.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes } from '../errors.ts'

/** What did not work for one model, and why. */
export type Failure = { customerId: string; model: string; reason: string }

/** How many at once, how many a minute at most, and what is counted. */
export type Pace = { atOnce: number; perMinute?: number | undefined; label: string }

/**
 * Does `work` for each model with a progress bar; one model's failure never stops another's. Throws at Ctrl-C: what is begun
 * ends, what is left can be done by the same command again. Throws too, after that many failures at a stretch, when the app
 * can't be reached any more: the rest would only fail likewise. Answers what failed.
 */
export async function eachModel<Item extends { customerId: string; model: string }>(
  cli: Cli,
  items: readonly Item[],
  { atOnce, perMinute, label }: Pace,
  work: (item: Item) => Promise<void>,
): Promise<Failure[]> {
  const bar = cli.progress(items.length, label)
  const failures: Failure[] = []
  const reach = createReach(atOnce)
  const startedAtMs = cli.now()
  let next = 0
  let done = 0
  const lane = async () => {
    for (let index = next++; index < items.length && reach.lost() === undefined; index = next++) {
      if (perMinute !== undefined) await untilMs(cli, startedAtMs + (index * 60_000) / perMinute)
      cli.signal.throwIfAborted()
      const item = items[index] as Item
      const error = await work(item).then(() => undefined, asError)
      if (error === undefined) done++
      else failures.push({ customerId: item.customerId, model: item.model, reason: error.message })
      reach.note(error)
      bar.step()
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  } finally {
    bar.stop()
  }
  const lost = reach.lost()
  if (lost === undefined || done + failures.length === items.length) return failures
  const left = `${done} of ${items.length} ${label} were done: the same command goes on`
  throw new CliError(`${lost.message}; ${left}`, lost.exitCode, { cause: lost })
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** Sees when the app is lost: `most` failures to reach it, none of anything else in between. */
function createReach(most: number): { note(error: Error | undefined): void; lost(): CliError | undefined } {
  let atAStretch = 0
  let last: CliError | undefined
  return {
    note(error) {
      atAStretch = isUnreached(error) ? atAStretch + 1 : 0
      if (isUnreached(error)) last = error
    },
    lost: () => (atAStretch >= most ? last : undefined),
  }
}

/** Whether no app of ours answered, or the key is wrong. */
function isUnreached(error: unknown): error is CliError {
  if (error instanceof ApiError && error.code !== undefined) return false
  return error instanceof CliError && error.exitCode === exitCodes.unreachable
}

async function untilMs(cli: Cli, atMs: number): Promise<void> {
  while (cli.now() < atMs) await cli.pause(Math.min(1_000, atMs - cli.now()))
}
