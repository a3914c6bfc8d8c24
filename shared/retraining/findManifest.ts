import { TerminalError } from './errors.ts'
import type { Manifest } from './generation.ts'
import type { ModelKey } from './names.ts'
import type { TrainingSets } from './stores.ts'

/** A manifest for showing: undefined where it is no longer kept, or a newer version wrote it; that must not hide the rest. */
export async function findManifest(
  ports: Pick<TrainingSets, 'readManifest'>,
  key: ModelKey,
  name: string,
): Promise<Manifest | undefined> {
  try {
    return await ports.readManifest(key, name)
  } catch (error) {
    if (error instanceof TerminalError) return undefined
    throw error
  }
}
