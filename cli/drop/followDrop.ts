import type { Cli } from '../cli.ts'
import { type FollowedRun, followRun, patiently } from '../follow.ts'
import { modelPath } from '../modelPath.ts'

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

/** Which drop (its blob's name), and where what happens is told. */
export type DropFollowing = { customer: string; model: string; name: string; tell(line: string): void }

const lookEveryMs = 1_000

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
  for (;;) {
    const drop = await patiently(cli, () => find(cli, modelPath(customer, model, 'drops'), name))
    if (drop !== undefined && drop.state !== 'pending') return drop
    const text =
      drop === undefined ? 'waiting for storage to announce the drop' : 'accepted: waiting for its generation'
    if (text !== told) tell(text)
    told = text
    await cli.pause(lookEveryMs)
  }
}

async function find({ api }: Pick<Cli, 'api'>, path: string, name: string): Promise<ListedDrop | undefined> {
  for await (const drop of api.pages<ListedDrop>(path, { limit: 500 })) if (drop.name === name) return drop
  return undefined
}
