import type { Cli } from '../cli.ts'

/** What did not work for one model, and why. */
export type Failure = { customerId: string; model: string; reason: string }

/** How many at once, how many a minute at most, and what is counted. */
export type Pace = { atOnce: number; perMinute?: number | undefined; label: string }

/**
 * Does `work` for each model with a progress bar; one model's failure never stops another's. Throws at Ctrl-C: what is begun
 * ends, what is left can be done by the same command again. Answers what failed.
 */
export async function eachModel<Item extends { customerId: string; model: string }>(
  cli: Cli,
  items: readonly Item[],
  { atOnce, perMinute, label }: Pace,
  work: (item: Item) => Promise<void>,
): Promise<Failure[]> {
  const bar = cli.progress(items.length, label)
  const failures: Failure[] = []
  const startedAtMs = cli.now()
  let next = 0
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) {
      if (perMinute !== undefined) await untilMs(cli, startedAtMs + (index * 60_000) / perMinute)
      cli.signal.throwIfAborted()
      const item = items[index] as Item
      await work(item).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        failures.push({ customerId: item.customerId, model: item.model, reason })
      })
      bar.step()
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  } finally {
    bar.stop()
  }
  return failures
}

async function untilMs(cli: Cli, atMs: number): Promise<void> {
  while (cli.now() < atMs) await cli.pause(Math.min(1_000, atMs - cli.now()))
}
