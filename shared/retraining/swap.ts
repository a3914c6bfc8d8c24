import { RetryableError, TerminalError } from './errors.ts'
import { withHappenings } from './happenings.ts'
import { emptyHead, type Head } from './head.ts'
import type { ModelKey, RunKey } from './names.ts'
import type { Run } from './run.ts'
import { isSame } from './same.ts'
import type { RunStore, Stored } from './stores.ts'

const mostTries = 12

/** A run and its model's head as they were decided on. */
export type Pair = { run: Run; head: Head }

/** A run, the head, and the run whose place it takes, where that is another one. */
export type Succession = Pair & { before?: Run | undefined }

/** What is found, and how what it is to be is written. */
type Found<Value> = { value: Value; write(value: Value): Promise<'committed' | 'conflict'> }

/** What is found, how it was decided to be (undefined: the change no longer applies), and how that is written. */
type Swap<Value> = {
  name: string
  read(): Promise<Found<Value>>
  /** What was read a moment ago: saves the first reading, never the last word. */
  known?: Found<Value> | undefined
  decide(value: Value): Value | undefined
}

/**
 * Reads, decides and writes if nobody else did meanwhile; else again. A write whose answer got lost is refused when it is
 * sent once more, though it was done: what is then found just as it was to be written counts as written.
 */
async function swap<Value>({ name, read, known, decide }: Swap<Value>): Promise<Value | undefined> {
  let tried: Value | undefined
  for (let tries = 0; tries < mostTries; tries++) {
    const isKnown = tries === 0 && known !== undefined
    const { value: found, write } = isKnown ? known : await read()
    if (tried !== undefined && isSame(found, tried)) return tried
    const value = decide(found)
    if (value === undefined && isKnown) continue
    if (value === undefined) return undefined
    if ((await write(value)) === 'committed') return value
    tried = value
  }
  throw new RetryableError(`Cannot change ${name}: others change it all the time`)
}

/**
 * Reads the run, lets `decide` change it and writes it if nobody else did meanwhile; else again. `decide` answers
 * undefined when the change no longer applies. Answers the run as written. `known` is the run as it was read a moment ago.
 */
export function swapRun(
  ports: Pick<RunStore, 'readRun' | 'commit'>,
  key: RunKey,
  decide: (run: Run) => Run | undefined,
  known?: Stored<Run>,
): Promise<Run | undefined> {
  const found = ({ value, etag }: Stored<Run>): Found<Run> => ({
    value,
    write: (run) => ports.commit(key, { runs: [{ value: run, etag }] }),
  })
  const read = async () => found(existing(key, await ports.readRun(key)))
  return swap({ name: `run ${key.generation}`, read, known: known && found(known), decide })
}

/** As {@link swapRun} for the head, which starts as the empty one. */
export function swapHead(
  ports: Pick<RunStore, 'readHead' | 'commit'>,
  key: ModelKey,
  decide: (head: Head) => Head | undefined,
): Promise<Head | undefined> {
  const read = async () => {
    const stored = await ports.readHead(key)
    const write = (value: Head) => ports.commit(key, { head: { value, etag: stored?.etag } })
    return { value: stored?.value ?? emptyHead, write }
  }
  return swap({ name: `the head of ${key.customerId}`, read, decide })
}

/** As {@link swapRun} for the run and the head in one transaction; what others are to be told of it is noted with it. */
export function swapPair(
  ports: RunStore,
  key: RunKey,
  decide: (pair: Pair) => Pair | undefined,
  known?: { head: Stored<Head> | undefined; run: Stored<Run> },
): Promise<Pair | undefined> {
  const foundPair = (head: Stored<Head> | undefined, run: Stored<Run>): Found<Pair> => ({
    value: { run: run.value, head: head?.value ?? emptyHead },
    write: (pair) =>
      ports.commit(key, {
        head: { value: pair.head, etag: head?.etag },
        runs: [{ value: pair.run, etag: run.etag }],
      }),
  })
  const read = async () => {
    const [head, run] = await Promise.all([ports.readHead(key), ports.readRun(key)])
    return foundPair(head, existing(key, run))
  }
  return swap({
    name: `run ${key.generation}`,
    read,
    known: known && foundPair(known.head, known.run),
    decide: (pair) => noting(pair, decide(pair)),
  })
}

/**
 * As {@link swapPair} with the run that the new one takes the place of: it retires in the same transaction, or not at all.
 * `placeOf` says which one that is; where absent, the one that is live.
 */
export function swapSuccession(
  ports: RunStore,
  key: RunKey,
  decide: (succession: Succession) => Succession | undefined,
  placeOf: (head: Head) => number | undefined = (head) => head.live,
): Promise<Succession | undefined> {
  const read = async () => {
    const head = await ports.readHead(key)
    const [found, before] = await Promise.all([
      ports.readRun(key),
      readBefore(ports, key, head && placeOf(head.value)),
    ])
    const run = existing(key, found)
    const write = (next: Succession) => {
      const runs = [{ value: next.run, etag: run.etag }]
      if (before !== undefined && next.before !== undefined)
        runs.push({ value: next.before, etag: before.etag })
      return ports.commit(key, { head: { value: next.head, etag: head?.etag }, runs })
    }
    return { value: { run: run.value, head: head?.value ?? emptyHead, before: before?.value }, write }
  }
  const noted = (found: Succession) => noting(found, decide(found))
  return swap({ name: `run ${key.generation}`, read, decide: noted })
}

function noting<Changed extends Pair>(found: Changed, decided: Changed | undefined): Changed | undefined {
  return decided && withHappenings(found, decided)
}

async function readBefore(
  ports: Pick<RunStore, 'readRun'>,
  { customerId, model, generation }: RunKey,
  place: number | undefined,
): Promise<Stored<Run> | undefined> {
  if (place === undefined || place === generation) return undefined
  return ports.readRun({ customerId, model, generation: place })
}

function existing(key: RunKey, stored: Stored<Run> | undefined): Stored<Run> {
  if (stored !== undefined) return stored
  throw new TerminalError(`Cannot change run ${key.generation}: it does not exist`)
}
