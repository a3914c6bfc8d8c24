import { defineConfig } from 'vitest/config'

/**
 * `unit`: no process, no socket. `integration`: Azurite, the emulator, the local host, a browser. `full`: what takes longer. The
 * time-outs end what hangs and judge nobody's speed: they leave room for a machine many times slower, and busy.
 */
export default defineConfig({
  test: {
    // Most tests wait for storage and sockets: more files at once than there are cores.
    maxWorkers: 4,
    // Azurite ends within it, so that none is left behind.
    teardownTimeout: 60_000,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.integration.test.ts', 'test/**/*.full.test.ts'],
          // These share nothing that could be changed (no module mocks, no environment): a process a file would only cost time.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          globalSetup: ['test/setup/azurite.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'full',
          include: ['test/**/*.full.test.ts'],
          globalSetup: ['test/setup/azurite.ts'],
          testTimeout: 600_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
