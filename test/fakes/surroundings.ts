import type { Surroundings } from '../../shared/adapters/surroundings.ts'

/** A machine and an account where nothing is wrong. */
export function createSurroundings(clock: { now(): number }): Surroundings {
  return {
    readStorageClock: async () => clock.now(),
    readQueues: async () => [],
    readHost: async () => ({ hints: [], nodeVersion: '24.0.0', freeDiskBytes: 10 * 1024 ** 3 }),
    tryReference: async () => undefined,
    revealSecret: async (reference) => `the key behind ${reference}`,
    removeSecret: async (reference) => (reference.startsWith('env:') ? 'kept' : 'removed'),
  }
}
