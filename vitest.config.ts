import { defineConfig } from 'vitest/config'

/** `unit`: no process, no socket. `integration`: Azurite, the emulator, the local host, a browser. `full`: what takes longer. */
export default defineConfig({
  test: {
    // Most tests wait for storage and sockets: more files at once than there are cores.
    maxWorkers: 4,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.integration.test.ts', 'test/**/*.full.test.ts'],
          // These share nothing that could be changed (no module mocks, no environment): a process a file would only cost time.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          globalSetup: ['test/setup/azurite.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'full',
          include: ['test/**/*.full.test.ts'],
          globalSetup: ['test/setup/azurite.ts'],
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
