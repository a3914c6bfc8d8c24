import type { QueueMessage } from '../../shared/lib/messageQueue.ts'
import type { Sim } from './sim.ts'
import type { Witness } from './witness.ts'

/** Watches poll messages: one whose token was not its run's any more when it came is deleted, never put off. */
export type PollLedger = {
  received(message: QueueMessage): void
  hidden(message: QueueMessage, seconds: number): void
}

/** A ledger over the run rows that the witness knows. */
export function createPollLedger(sim: Sim, witness: Witness): PollLedger {
  const voided = new Set<string>()
  const name = ({ id, popReceipt }: QueueMessage) => `${id} ${popReceipt}`
  return {
    received(message) {
      const { customerId, model, generation, token } = message.body as Record<string, string | number>
      if (token === undefined) return
      const run = witness.modelOf(`${customerId}|${model}`).runs.get(Number(generation))
      const poll = run?.poll === undefined ? undefined : (JSON.parse(String(run.poll)) as { token: string })
      if (run !== undefined && poll?.token !== token) voided.add(name(message))
    },
    hidden(message, seconds) {
      if (seconds > 0 && voided.has(name(message))) {
        sim.violate('poll token', `a void poll message is put off instead of deleted: ${message.text}`)
      }
    },
  }
}
