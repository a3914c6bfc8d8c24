import type { BlobFacts, BlobStore } from '../../shared/lib/blobStore.ts'
import type { ModelKey } from '../../shared/retraining/names.ts'
import type { Sim } from './sim.ts'

/** How long people go on dropping files, in ms. */
export const dropsForMs = 60 * 60_000

/** What landed: every version with its content, and the one that is there now. */
export type Landed = {
  /** By name and ETag. */
  versions: Map<string, { name: string; etag: string; content: string; atMs: number }>
  /** Name to ETag; absent once deleted. */
  current: Map<string, string>
  /** How many files somebody is still going to drop. */
  toCome: number
  fromMs: number
}

/** What people need: the container and somebody who tells the app of a landed blob. */
export type PeopleWorld = {
  sim: Sim
  trainingData: BlobStore
  announce(name: string): void
}

/** Plans all drops of a seed: bursts, overwritten files, the same content again, empty first writes, strays. */
export function planDrops(world: PeopleWorld, keys: readonly ModelKey[]): Landed {
  const { sim } = world
  const { random, agenda } = sim
  const landed: Landed = { versions: new Map(), current: new Map(), toCome: 0, fromMs: agenda.now() }
  const plan = (atMs: number, act: () => void) => {
    landed.toCome++
    agenda.after(atMs, () => {
      landed.toCome--
      act()
    })
  }
  for (const key of keys) {
    let atMs = random.between(0, 5 * 60_000)
    const count = 1 + random.below(8)
    for (let index = 0; index < count && atMs < dropsForMs; index++) {
      plan(atMs, () => dropOne(world, landed, key))
      atMs += random.chance(0.5) ? random.between(100, 20_000) : random.between(60_000, 25 * 60_000)
    }
  }
  if (random.chance(0.15))
    plan(random.between(0, dropsForMs), () => void write(world, landed, 'Not A Customer/x.csv', 'stray'))
  return landed
}

/** Somebody drops a file just when a run comes to its end: the moment that the order of its last steps is about. */
export function dropAtTheEnd(world: PeopleWorld, landed: Landed, key: ModelKey): void {
  const { random, agenda } = world.sim
  if (agenda.now() - landed.fromMs > dropsForMs || !random.chance(0.3)) return
  landed.toCome++
  agenda.after(random.between(26_000, 36_000), () => {
    landed.toCome--
    dropOne(world, landed, key)
  })
}

function dropOne(world: PeopleWorld, landed: Landed, { customerId, model }: ModelKey): void {
  const { random, agenda } = world.sim
  const name = `${customerId}/${model}/${random.pick(['2019-05-03/a', '2019-05-04/b', '2019-05-04/c'])}.csv`
  const etag = landed.current.get(name)
  const before = etag === undefined ? undefined : landed.versions.get(`${name} ${etag}`)?.content
  const fresh = `age,income\n${landed.versions.size},${random.below(90)}\n`
  const content = before !== undefined && random.chance(0.2) ? before : fresh
  if (random.chance(0.15)) {
    void write(world, landed, name, '')
    agenda.after(random.between(100, 30_000), () => void write(world, landed, name, content))
    landed.toCome++
    agenda.after(30_001, () => {
      landed.toCome--
    })
    return
  }
  void write(world, landed, name, content)
  if (random.chance(0.04)) {
    agenda.after(random.between(1_000, 600_000), () => {
      world.sim.trace.note('people', () => `delete ${name}`)
      landed.current.delete(name)
      void world.trainingData.remove(name)
    })
  }
}

async function write(world: PeopleWorld, landed: Landed, name: string, content: string): Promise<void> {
  const { sim } = world
  const bytes = new TextEncoder().encode(content)
  const facts: BlobFacts = await world.trainingData.put(name, bytes, 'text/csv')
  sim.trace.note('people', () => `drop ${name} ${facts.etag} ${JSON.stringify(content)}`)
  landed.versions.set(`${name} ${facts.etag}`, { name, etag: facts.etag, content, atMs: sim.agenda.now() })
  landed.current.set(name, facts.etag)
  world.announce(name)
}
