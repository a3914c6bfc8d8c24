import { concurrently } from '../../shared/retraining/concurrently.ts'
import { readDrops } from './measure.ts'
import type { BurstRig } from './rig.ts'

/** Of one drop: from upload to acceptance, and from acceptance to the start of its generation's job. */
export type Delay = { intakeMs: number; startMs: number }

/** In seconds. */
export type Spread = { median: number; most: number }

/** The delays of those drops whose job was started; `uploadedAtMs` by blob name. */
export async function delaysOf(rig: BurstRig, uploadedAtMs: ReadonlyMap<string, number>): Promise<Delay[]> {
  const found = await concurrently([...uploadedAtMs], 4, async ([name, atMs]): Promise<Delay | undefined> => {
    const key = { customerId: name.slice(0, name.indexOf('/')), model: 'purchases' }
    const drops = await readDrops(rig, key)
    const drop = drops.find((candidate) => candidate.name === name)
    if (drop?.generation === undefined) return undefined
    const runs = await rig.ports.readRuns(key, 10)
    const run = runs.find(({ generation }) => generation === drop.generation)
    if (run?.jobStartedAtMs === undefined) return undefined
    return { intakeMs: drop.acceptedAtMs - atMs, startMs: run.jobStartedAtMs - drop.acceptedAtMs }
  })
  return found.filter((delay) => delay !== undefined)
}

/** The middle and the largest, in seconds to a tenth. Pure. */
export function spreadOf(valuesMs: readonly number[]): Spread {
  const sorted = valuesMs.toSorted((one, other) => one - other).map((value) => Math.round(value / 100) / 10)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 }
}
