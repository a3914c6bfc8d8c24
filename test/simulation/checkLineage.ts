import { sha256 } from '../../cli/lineage/readPassports.ts'
import { verifyPassports } from '../../cli/lineage/verifyPassports.ts'
import type { Passport } from '../../shared/retraining/passport.ts'
import type { Sim } from './sim.ts'
import type { ModelView } from './witness.ts'
import type { World } from './world.ts'

/** Whether what happened to a model was not told yet. */
export function isUntold({ head }: ModelView): boolean {
  return head.untold !== undefined
}

/** Every time of going live has its passport, of the generation that went live, and the chain holds. */
export function checkLineage(sim: Sim, world: World, { head, partition, runs }: ModelView): void {
  const passports = Array.from({ length: Number(head.lives ?? 0) }, (_, index) =>
    passportAt(world, partition, index + 1),
  )
  const missing = passports.indexOf(undefined)
  if (missing >= 0) sim.violate('lineage', `${partition} has no passport ${missing + 1}`)
  const all = passports.flatMap((passport) => passport ?? [])
  for (const { kind, text } of verifyPassports(all, {}, { sha256 })) {
    if (kind === 'wrong') sim.violate('lineage', text)
  }
  const newest = all.at(-1)
  if (head.live !== undefined && newest?.generation !== head.live) {
    sim.violate('lineage', `${partition}: ${head.live} is live, the passport says ${newest?.generation}`)
  }
  for (const { generation, sequence, modelFile } of all) {
    const { archive } = runs.get(generation) ?? {}
    const isOwn = archive === undefined || String(archive).includes(modelFile.sha256)
    if (!isOwn) sim.violate('lineage', `passport ${sequence} of ${partition} names another model file`)
  }
}

function passportAt(world: World, partition: string, sequence: number): Passport | undefined {
  const name = `_passports/${partition.replace('|', '/')}/${String(sequence).padStart(10, '0')}.json`
  const text = world.stores.containers.models.text(name)
  return text === '' ? undefined : (JSON.parse(text) as Passport)
}
