import type { Drop } from './drop.ts'
import type { CopyOutcome, GenerationPlan } from './generation.ts'
import type { RunKey } from './names.ts'
import type { ModelSettings } from './settings.ts'
export type PlanAppendPorts = object
export async function planAppend(
  _ports: PlanAppendPorts,
  _settings: ModelSettings,
  _key: RunKey,
  _from: { pending: readonly Drop[]; outcomes: readonly CopyOutcome[] },
): Promise<GenerationPlan> {
  throw new Error('todo')
}
