import type { Cells } from '../../shared/lib/tableStore.ts'
import type { Caps } from './checkCalls.ts'
import type { Sim } from './sim.ts'
import type { Witness } from './witness.ts'

/** Told of a run that was given a slot of its training service. */
export type SlotWitness = (slot: Cells) => void

/** The services by name, and how much later than another a run may have become ready and still go first, in ms. */
export type SlotOrder = {
  services: readonly (Caps & { name: string })[]
  slackMs: number
  isActive(): boolean
}

/**
 * L2: when a run gets a slot, no run of the same service waits that was ready long before it, unless that one's customer
 * has all the slots it may have. `slackMs` covers the time until a run stands in line.
 */
export function createSlotWitness(sim: Sim, witness: () => Witness, order: SlotOrder): SlotWitness {
  return (slot) => {
    const service = order.services.find(({ name }) => name === slot.service)
    if (!order.isActive() || service === undefined) return
    const granted = runOf(witness(), slot)
    if (granted === undefined) return
    const { maxJobsInFlight, maxJobsPerCustomer = Math.max(1, Math.ceil(maxJobsInFlight / 4)) } = service
    for (const run of waitingRuns(witness(), service.name)) {
      if (readyMs(run) + order.slackMs >= readyMs(granted)) continue
      const held = [...witness().slots.values()].filter(
        ({ service: name, customerId }) => name === service.name && customerId === run.customerId,
      )
      if (held.length >= maxJobsPerCustomer) continue
      sim.violate(
        'L2',
        `run ${nameOf(granted)} gets a slot before ${nameOf(run)}, which was ready long before`,
      )
    }
  }
}

function waitingRuns(witness: Witness, service: string): Cells[] {
  return [...witness.models.values()]
    .flatMap(({ runs }) => [...runs.values()])
    .filter(({ state, trainingService, slot }) => {
      return state === 'queued' && trainingService === service && slot === undefined
    })
}

function runOf(witness: Witness, { customerId, model, generation }: Cells): Cells | undefined {
  return witness.modelOf(`${customerId}|${model}`).runs.get(Number(generation))
}

/** Since when a run may start: since it was opened, or since its next try is due. */
function readyMs({ openedAt, retry }: Cells): number {
  const due = retry === undefined ? undefined : (JSON.parse(String(retry)) as { dueAt: string }).dueAt
  return Date.parse(due ?? String(openedAt))
}

function nameOf({ customerId, model, generation }: Cells): string {
  return `${generation} of ${customerId}|${model}`
}
