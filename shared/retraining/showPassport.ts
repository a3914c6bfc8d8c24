import type { RunKey } from './names.ts'
import type { Passport } from './passport.ts'
import type { RunStore } from './stores.ts'
import { type WritePassportPorts, writePassport } from './writePassport.ts'

/** What showing passports needs. */
export type ShowPassportPorts = WritePassportPorts & Pick<RunStore, 'readRun'>

/**
 * The passport of the last time that a generation went live; written now where that was not done yet. With `chain` also those
 * before it, the newest first. Empty for a run that was never live, or before there were passports; undefined for no run.
 */
export async function showPassports(
  ports: ShowPassportPorts,
  key: RunKey,
  chain: { most: number },
): Promise<Passport[] | undefined> {
  const run = (await ports.readRun(key))?.value
  if (run === undefined) return undefined
  const life = run.lives?.at(-1)
  if (life === undefined) return []
  const newest = (await ports.readPassport(key, life.sequence)) ?? (await writePassport(ports, run, life))
  const passports = newest === undefined ? [] : [newest]
  let previous = newest?.previous
  while (previous && passports.length < chain.most) {
    const before = await ports.readPassport(key, previous.sequence)
    if (before === undefined) break
    passports.push(before)
    previous = before.previous
  }
  return passports
}
