import { vi } from 'vitest'
import { patience } from './patience.ts'

/**
 * Waits until a condition of a process, a socket or a file holds, looking every 20 ms. Answers what the condition did; throws
 * what it threw last.
 */
export function eventually<Answer>(condition: () => Answer | Promise<Answer>): Promise<Answer> {
  return vi.waitFor(condition, { ...patience, interval: 20 })
}
