import type { CrashPlan } from '../../fakes/crash.ts'
import { createWorld, dropped, type World } from '../../fakes/world.ts'

/** Who rolls back in tests, and why. */
export const order = { by: 'ann', reason: 'worse in the field' }

/** So many drops, each trained and live. */
export async function trained(generations: number, crash?: CrashPlan): Promise<World> {
  const world = await createWorld({}, crash)
  for (let count = 1; count <= generations; count++) {
    await dropped(world, `contoso/census/${count}.csv`, `age\n${count}\n`)
    await world.play(300)
  }
  return world
}

/** Whose model really answers. */
export function generationAt(world: World): number {
  return Number(world.services.endpoint.answering.split('/').at(-3))
}
