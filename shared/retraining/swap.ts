import { RetryableError, TerminalError } from './errors.ts'
import { emptyHead, type Head } from './head.ts'
import type { ModelKey, RunKey } from './names.ts'
import type { Run } from './run.ts'
import type { RunStore } from './stores.ts'

const mostTries = 12

/** A run and its model's head as they were decided on. */
export type Pair = { run: Run; head: Head }

/**
 * Reads the run, lets `decide` change it and writes it if nobody else did meanwhile; else again. `decide` answers
 * undefined when the change no longer applies. Answers the run as written.
 */
export async function swapRun(
  ports: Pick<RunStore, 'readRun' | 'commit'>,
  key: RunKey,
  decide: (run: Run) => Run | undefined,
): Promise<Run | undefined> {
  for (let tries = 0; tries < mostTries; tries++) {
    const stored = await ports.readRun(key)
    if (stored === undefined)
      throw new TerminalError(`Cannot change run ${key.generation}: it does not exist`)
    const value = decide(stored.value)
    if (value === undefined) return undefined
    if ((await ports.commit(key, { runs: [{ value, etag: stored.etag }] })) === 'committed') return value
  }
  throw new RetryableError(`Cannot change run ${key.generation}: others change it all the time`)
}

/** As {@link swapRun} for the head, which starts as the empty one. */
export async function swapHead(
  ports: Pick<RunStore, 'readHead' | 'commit'>,
  key: ModelKey,
  decide: (head: Head) => Head | undefined,
): Promise<Head | undefined> {
  for (let tries = 0; tries < mostTries; tries++) {
    const stored = await ports.readHead(key)
    const value = decide(stored?.value ?? emptyHead)
    if (value === undefined) return undefined
    if ((await ports.commit(key, { head: { value, etag: stored?.etag } })) === 'committed') return value
  }
  throw new RetryableError(`Cannot change the head of ${key.customerId}: others change it all the time`)
}

/** As {@link swapRun} for the run and the head in one transaction. */
export async function swapPair(
  ports: RunStore,
  key: RunKey,
  decide: (pair: Pair) => Pair | undefined,
): Promise<Pair | undefined> {
  for (let tries = 0; tries < mostTries; tries++) {
    const [head, run] = await Promise.all([ports.readHead(key), ports.readRun(key)])
    if (run === undefined) throw new TerminalError(`Cannot change run ${key.generation}: it does not exist`)
    const pair = decide({ run: run.value, head: head?.value ?? emptyHead })
    if (pair === undefined) return undefined
    const changes = {
      head: { value: pair.head, etag: head?.etag },
      runs: [{ value: pair.run, etag: run.etag }],
    }
    if ((await ports.commit(key, changes)) === 'committed') return pair
  }
  throw new RetryableError(`Cannot change run ${key.generation}: others change it all the time`)
}
