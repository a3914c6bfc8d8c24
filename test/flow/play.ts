import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { vi } from 'vitest'
import { isEnded, type Run } from '../../shared/retraining/run.ts'
import { patience } from '../setup/patience.ts'
import { startWholeApp } from '../wholeApp.ts'

export const model = 'birdstrikes'

/** The whole app with a hand on it: drops, and runs played until they are as wanted. */
export async function startFlow() {
  const app = await startWholeApp()
  const trainingData = app.stores.containers.trainingData
  let playing = Promise.resolve()
  /** One round of the host at a time: tests that wait side by side share it. After one that failed comes the next. */
  const play = () => {
    playing = playing.then(app.step, app.step)
    return playing
  }
  async function reached(customerId: string, generation: number, isReached: (run: Run) => boolean) {
    return vi.waitFor(async () => {
      await play()
      const run = (await app.ports.readRun({ customerId, model, generation }))?.value
      if (run === undefined || !isReached(run)) {
        throw new Error(`not yet: ${run?.state} ${run?.timeline.at(-1)?.text}`)
      }
      return run
    }, patience)
  }
  return {
    ...app,
    reached,
    ended: (customerId: string, generation: number) =>
      reached(customerId, generation, (run) => isEnded(run.state)),
    async drop(customerId: string, name: string, content: string | Uint8Array) {
      const blob = `${customerId}/${model}/${name}`
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
      await trainingData.put(blob, bytes, 'text/csv')
      await app.accept(blob)
    },
    liveGeneration: async (customerId: string) =>
      (await app.ports.readHead({ customerId, model }))?.value.live,
    /** Jobs that the emulator has of all services: none was paid for where it has no more than before. */
    async jobs(): Promise<{ id: string; status: string; starts: number }[]> {
      const answer = await fetch(`${app.emulator.url}/admin/jobs`)
      return (await answer.json()) as { id: string; status: string; starts: number }[]
    },
  }
}

export type Flow = Awaited<ReturnType<typeof startFlow>>

/** A customer's sample file. */
export function sampleText(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, '..', '..', 'samples', name), 'utf8')
}
