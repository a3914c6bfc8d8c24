import type { AppPorts } from '../../shared/adapters/appPorts.ts'
import { quarantineOf } from '../../shared/retraining/breaker.ts'
import { cancelRun } from '../../shared/retraining/cancelRun.ts'
import type { ModelKey } from '../../shared/retraining/names.ts'
import {
  pauseAll,
  pauseModel,
  releaseModel,
  resumeAll,
  resumeModel,
} from '../../shared/retraining/pauseModels.ts'
import { retrain } from '../../shared/retraining/retrain.ts'
import { rollback, unpin } from '../../shared/retraining/rollback.ts'
import type { Hosts } from './hosts.ts'
import type { Host, Invocation, Sim } from './sim.ts'

/** What an operator needs: somewhere to call, and the app behind it. */
export type OperatorWorld = {
  sim: Sim
  hosts: Hosts
  /** A process that is up, for a function of this name. */
  pick(name: string): Host | undefined
  connect(invocation: Invocation): AppPorts
}

const asked = { by: 'operator', reason: 'a drill' }
const roundMs = 20 * 60_000
/** After the faults the operator goes on for a day: longer than the longest quarantine lasts. */
const rounds = 90

/** One thing an operator does to a model, at any moment. */
type Act = (ports: AppPorts, key: ModelKey, sim: Sim) => Promise<unknown>

const acts: Record<string, Act> = {
  'roll back': (ports, key) => rollback(ports, key, asked),
  'roll back to': async (ports, key, { random }) => {
    const last = (await ports.readHead(key))?.value.lastGeneration ?? 0
    return rollback(ports, key, { ...asked, to: 1 + random.below(last + 1) })
  },
  unpin: (ports, key) => unpin(ports, key, 'operator'),
  cancel: async (ports, key) => {
    const generation = (await ports.readHead(key))?.value.inFlight
    return generation === undefined ? 'nothing' : cancelRun(ports, { ...key, generation }, asked)
  },
  'pause the model': (ports, key) => pauseModel(ports, key, asked),
  'resume the model': (ports, key) => resumeModel(ports, key),
  'pause the customer': (ports, key) => pauseAll(ports, key.customerId, asked),
  'pause the fleet': (ports) => pauseAll(ports, undefined, asked),
  retrain: (ports, key) => retrain(ports, key, asked),
  'retrain again': (ports, key) => retrain(ports, key, { ...asked, again: true }),
  release: (ports, key) => releaseModel(ports, key),
}

/**
 * An operator who rolls back, unpins, cancels, pauses and so on at random moments; as soon as the faults are over everything is
 * resumed, and what is quarantined released, again and again.
 */
export function planOperator(world: OperatorWorld, keys: readonly ModelKey[], faultsForMs: number): void {
  const { random, agenda } = world.sim
  const names = Object.keys(acts)
  for (const key of random.chance(0.6) ? keys : []) {
    let atMs = random.between(60_000, 20 * 60_000)
    while (atMs < faultsForMs) {
      const name = random.chance(0.4)
        ? random.pick(['roll back', 'roll back to', 'unpin'])
        : random.pick(names)
      agenda.after(atMs, () => play(world, name, (ports) => acts[name]?.(ports, key, world.sim)))
      atMs += random.chance(0.3) ? random.between(100, 60_000) : random.between(60_000, 25 * 60_000)
    }
  }
  for (let round = 0; round < rounds; round++) {
    agenda.after(faultsForMs + round * roundMs, () => play(world, 'open', (ports) => openAll(ports, keys)))
  }
}

function play(world: OperatorWorld, name: string, act: (ports: AppPorts) => Promise<unknown> | undefined) {
  const { sim, hosts } = world
  const host = world.pick('operator')
  if (host === undefined) return
  const work = async (invocation: Invocation) => {
    const outcome = await act(world.connect(invocation))
    sim.trace.note(invocation.id, () => `${name}: ${JSON.stringify(outcome)}`)
  }
  hosts.run(host, 'operator', work, { done: () => undefined, failed: () => undefined })
}

async function openAll(ports: AppPorts, keys: readonly ModelKey[]): Promise<void> {
  for (const pause of await ports.listPauses()) await resumeAll(ports, pause.customerId, keys)
  for (const key of keys) {
    const head = (await ports.readHead(key))?.value
    if (head?.paused !== undefined) await resumeModel(ports, key)
    const settings = await ports.readSettings(key)
    if (settings !== undefined && quarantineOf(head?.breaker, settings.breakerRuns) !== undefined) {
      await releaseModel(ports, key)
    }
  }
}
