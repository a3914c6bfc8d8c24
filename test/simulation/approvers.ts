import { approveRun } from '../../shared/retraining/approveRun.ts'
import { rejectRun } from '../../shared/retraining/rejectRun.ts'
import type { Hosts } from './hosts.ts'
import { dropsForMs } from './people.ts'
import type { Sim } from './sim.ts'
import type { ModelView } from './witness.ts'
import type { World } from './world.ts'

/** How long operators go on looking after runs, in ms. */
const looksForMs = dropsForMs + 3 * 60 * 60_000

/** Operators look at random moments at what the gate asks or rejected, and decide, each through a function of the app. */
export function planApprovers(sim: Sim, hosts: Hosts, world: World): void {
  const { random, agenda } = sim
  const looks = random.pick([0, 10, 40])
  for (let look = 0; look < looks; look++) {
    agenda.after(random.between(10 * 60_000, looksForMs), () => decide(sim, hosts, world))
  }
}

function decide(sim: Sim, hosts: Hosts, world: World): void {
  const { random } = sim
  const views = [...world.witness.models.values()]
  const host = hosts.pick()
  const view = views.length === 0 ? undefined : random.pick(views)
  const generation = view && generationOf(sim, view)
  if (host === undefined || view === undefined || generation === undefined) return
  const [customerId = '', model = ''] = view.partition.split('|')
  const key = { customerId, model, generation }
  const isApproval = random.chance(0.7)
  const by = { by: 'operator', reason: 'looked at it' }
  hosts.run(
    host,
    'operator',
    async (invocation) => {
      const ports = world.connect(invocation)
      const outcome = isApproval ? await approveRun(ports, key, by) : await rejectRun(ports, key, by)
      sim.trace.note(
        invocation.id,
        () => `${isApproval ? 'approves' : 'rejects'} ${generation}: ${outcome.kind}`,
      )
    },
    { done: () => undefined, failed: () => undefined },
  )
}

/** Mostly one that waits; sometimes a rejected one, or any. */
function generationOf({ random }: Sim, view: ModelView): number | undefined {
  const runs = [...view.runs]
  const of = (...states: string[]) => runs.filter(([, run]) => states.includes(String(run.state)))
  const drawn = random.next()
  const from = drawn < 0.7 ? of('awaitingApproval') : drawn < 0.95 ? of('rejected', 'awaitingApproval') : runs
  return from.length === 0 ? undefined : random.pick(from)[0]
}
