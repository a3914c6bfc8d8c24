import type { TestProject } from 'vitest/node'
import { startAzurite } from '../../local/azurite.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the Azurite all integration tests share: each test uses names of its own in it. */
    storage: string
  }
}

/** One Azurite, in memory, for all integration tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const azurite = await startAzurite()
  project.provide('storage', azurite.connectionString)
  return () => azurite.stop()
}
