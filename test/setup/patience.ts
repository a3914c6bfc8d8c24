/**
 * How long a test waits for what is to come, and how often it looks, in milliseconds. What comes is seen at once, so a long
 * wait costs nothing: it only has to outlast the slowest machine, and end before the test's own time-out (vitest.config.ts).
 */
export const patience = { timeout: 150_000, interval: 250 } as const
