import type { GenerationPlan, Manifest } from './generation.ts'
import type { RunKey } from './names.ts'
import { lastParts, type PlanAppendPorts, partsOf } from './planAppend.ts'
import type { ModelSettings } from './settings.ts'

const mostLookedAt = 100

/**
 * Makes a generation without a drop of its own: it trains once more on what the last one trained on (`latest`: its newest
 * drop), excluded drops left out. The manifest names them as earlier ones, so that each drop stays in exactly one generation.
 */
export async function planAgain(
  ports: PlanAppendPorts,
  settings: ModelSettings,
  key: RunKey,
): Promise<GenerationPlan> {
  const excluded = new Set(await ports.listExcluded(key))
  const before = await lastTrainedOn(ports, key)
  const leftOut = before.filter(({ id }) => excluded.has(id))
  const usable = before.filter(({ id }) => !excluded.has(id))
  const earlier =
    settings.trainingData === 'append'
      ? lastParts(usable, settings, ports.maxTrainingSetBytes)
      : usable.slice(-1)
  if (earlier.length === 0) return { drops: [], leftOut, reason: 'nothing was trained on before' }
  const copies = earlier.map(({ copy }) => copy)
  const joined = await ports.joinSet(key, copies)
  if (joined.kind === 'unfit')
    return { drops: [], earlier, leftOut, reason: `${joined.source}: ${joined.reason}` }
  return { drops: [], earlier, leftOut, input: joined.input }
}

/** What the newest earlier generation with anything to train on names, oldest first. */
async function lastTrainedOn(ports: PlanAppendPorts, key: RunKey): Promise<Manifest['earlier']> {
  const last = key.generation - 1
  for (let generation = last; generation > Math.max(0, last - mostLookedAt); generation--) {
    const run = await ports.readRun({ ...key, generation })
    const parts = run === undefined ? [] : partsOf(await ports.readManifest(key, run.value.manifest))
    if (parts.length > 0) return parts
  }
  return []
}
