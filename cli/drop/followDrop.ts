import type { Cli } from '../cli.ts'
import { type FollowedRun, followRun, patiently } from '../follow.ts'
import { modelPath } from '../modelPath.ts'

/** What keeps a drop waiting longer than the quiet period. Source: shared/retraining/whyFacts.ts. */
const keeping: ReadonlySet<string> = new Set(['paused', 'quarantined', 'scheduled', 'run'])
type Wait = { kind: string; sentence: string }

/** A drop as the app lists it. Source: shared/api/routes/drops.ts. */
type ListedDrop = {
  name: string
  state: 'pending' | 'taken' | 'unchanged' | 'excluded'
  generation?: number
  reason?: string
  excludedFor?: string
}

/** How a drop ended: in a run, or without one. */
export type DropEnd = { kind: 'run'; run: FollowedRun } | { kind: 'none'; state: string; reason: string }

/** Which drop (its blob's name), and where what happens is told; `tell` gets the same line more than once. */
export type DropFollowing = { customer: string; model: string; name: string; tell(line: string): void }

const lookEveryMs = 1_000
const looksPerReason = 5

/** Follows a drop into its generation, and that one's run to its end. A drop that joins no generation ends at once. */
export async function followDrop(
  cli: Pick<Cli, 'api' | 'pause'>,
  following: DropFollowing,
): Promise<DropEnd> {
  const { customer, model, tell } = following
  const drop = await untilTaken(cli, following)
  const { generation, state } = drop
  if (generation === undefined) {
    return { kind: 'none', state, reason: drop.reason ?? drop.excludedFor ?? `the drop is ${state}` }
  }
  const run = await followRun(cli, {
    ...{ customer, model, generation },
    tell: ({ text }) => tell(`generation ${generation}: ${text}`),
  })
  return { kind: 'run', run }
}

async function untilTaken(
  cli: Pick<Cli, 'api' | 'pause'>,
  { customer, model, name, tell }: DropFollowing,
): Promise<ListedDrop> {
  let told = ''
  for (let looks = 1; ; looks++) {
    const drop = await patiently(cli, () => find(cli, modelPath(customer, model, 'drops'), name))
    if (drop !== undefined && drop.state !== 'pending') return drop
    const text =
      drop === undefined ? 'waiting for storage to announce the drop' : 'accepted: waiting for its generation'
    if (text !== told) tell(text)
    told = text
    if (drop !== undefined && looks % looksPerReason === 0) {
      for (const reason of await reasons(cli, customer, model)) tell(reason)
    }
    await cli.pause(lookEveryMs)
  }
}

/** Why no generation takes the drop: a pause is nothing that passes by itself. */
async function reasons(cli: Pick<Cli, 'api' | 'pause'>, customer: string, model: string): Promise<string[]> {
  const ask = () => cli.api.get<{ waits: Wait[] }>(modelPath(customer, model, 'why'))
  const { waits } = await patiently(cli, ask)
  return waits.filter(({ kind }) => keeping.has(kind)).map(({ sentence }) => sentence)
}

async function find({ api }: Pick<Cli, 'api'>, path: string, name: string): Promise<ListedDrop | undefined> {
  for await (const drop of api.pages<ListedDrop>(path, { limit: 500 })) if (drop.name === name) return drop
  return undefined
}
