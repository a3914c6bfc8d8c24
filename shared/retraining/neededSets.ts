import type { Manifest } from './generation.ts'
import type { ModelKey } from './names.ts'
import type { Surroundings } from './retention.ts'
import { isEnded, type Run } from './run.ts'
import type { TrainingSets } from './stores.ts'

/** Blobs of training sets that the next generation may join or train on again. */
export async function neededSets(
  ports: Pick<TrainingSets, 'readManifest'>,
  key: ModelKey,
  runs: readonly Run[],
  { head, trainedLast }: Surroundings,
): Promise<Set<string>> {
  const needed = new Set<string>()
  for (const run of runs) {
    if (run.generation !== head.lastGeneration && run.generation !== trainedLast) continue
    for (const name of namesIn(await ports.readManifest(key, run.manifest))) needed.add(name)
  }
  for (const { input, state } of runs) if (input !== undefined && !isEnded(state)) needed.add(input.name)
  return needed
}

function namesIn({ drops, earlier, leftOut = [], input }: Manifest): string[] {
  const copies = [...drops, ...earlier, ...leftOut].flatMap(({ copy }) => copy ?? [])
  return input === undefined ? copies : [...copies, input.name]
}
