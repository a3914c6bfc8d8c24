import type { Clock } from '../state/clock.ts'
import type { Permits } from './permits.ts'

/** Resolves when the clock shows `atMs`; rejects when called off. */
export function until(clock: Clock, atMs: number, signal: AbortSignal): Promise<void> {
  if (atMs <= clock.nowMs()) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const cancel = clock.at(atMs, resolve)
    signal.addEventListener('abort', () => {
      cancel()
      reject(signal.reason)
    })
  })
}

/** Waits for a permit of the endpoint; leaves the queue when called off. Answers the release. */
export function permit(permits: Permits, endpointId: string, signal: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const release: () => void = permits.request(endpointId, () => queueMicrotask(() => resolve(release)))
    signal.addEventListener('abort', () => {
      release()
      reject(signal.reason)
    })
  })
}
