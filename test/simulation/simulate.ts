import { createCustomerTable } from '../../shared/adapters/customerTable.ts'
import { createWebServiceTable } from '../../shared/adapters/webServiceTable.ts'
import { createAgenda } from './agenda.ts'
import { planApprovers } from './approvers.ts'
import type { Bug } from './bugs.ts'
import { createCall } from './calls.ts'
import type { Delivery } from './deliveries.ts'
import { createFaults, type Faults } from './faults.ts'
import { createFleet, type Fleet, widenCaps, withoutSchedules } from './fleet.ts'
import { announcementOf, bindFunctions } from './functions.ts'
import { checkHoldouts, heldOut } from './holdouts.ts'
import { createHosts, type Hosts } from './hosts.ts'
import { checkEnd, unfinishedWork } from './liveness.ts'
import { planOperator } from './operator.ts'
import { dropAtTheEnd, dropsForMs, type Landed, planDrops } from './people.ts'
import { type Profile, pickProfile } from './profiles.ts'
import { createRandom, type Random } from './random.ts'
import { runUntil } from './scheduler.ts'
import type { Sim, Violation } from './sim.ts'
import { listedStrangers, planStrangers, type Strangers } from './strangers.ts'
import { createTrace } from './trace.ts'
import { allModels, createWorld, queueOf, type World } from './world.ts'

const faultsForMs = dropsForMs + 30 * 60_000
/** L1: 3 attempts of an hour, 24 h, 2 reconcile periods of 10 minutes. */
const endsAfterMs = (3 * 60 + 24 * 60 + 2 * 10) * 60_000

/** What one seed came to. */
export type Outcome = {
  seed: number
  profile: string
  steps: number
  runs: number
  /** From the end of the faults until everything was quiet. */
  quietAfterMs: number
  faults: Faults['counts']
  violations: Violation[]
  trace: string[]
}

/** Plays one seed: an hour of drops, faults until half an hour later, then on until everything is quiet. */
export async function simulate(
  seed: number,
  options: { bug?: Bug | undefined; trace?: boolean } = {},
): Promise<Outcome> {
  const random = createRandom(seed)
  const profile = pickProfile(random)
  const sim = createSim(random, profile, options.trace === true)
  const startMs = sim.agenda.now()
  sim.trace.note('seed', () => `${seed}, profile ${profile.name}`)
  const { world, landed, strangers } = await openWorld(sim, profile, options.bug)
  const isBroken = () => sim.violations.length > 0
  const first = await runUntil(sim.agenda, startMs + faultsForMs, isBroken)
  sim.faults.stop()
  sim.trace.note('seed', () => 'the faults stop')
  let count = 0
  const isOver = () =>
    isBroken() || (count++ % 32 === 0 && unfinishedWork(world, landed, profile).length === 0)
  const second = await runUntil(sim.agenda, startMs + faultsForMs + endsAfterMs, isOver)
  if (!isBroken()) checkEnd(sim, world, landed, profile)
  if (!isBroken()) checkHoldouts(sim, world)
  const unlisted = strangers.messages - listedStrangers(world)
  if (!isBroken() && unlisted > 0) sim.violate('L3', `${unlisted} strange messages are not listed`)
  const runs = [...world.witness.models.values()].reduce((sum, { runs }) => sum + runs.size, 0)
  const { violations, faults, trace, agenda } = sim
  const quietAfterMs = Math.max(0, agenda.now() - startMs - faultsForMs)
  const steps = first.steps + second.steps
  const { name } = profile
  return {
    seed,
    profile: name,
    steps,
    runs,
    quietAfterMs,
    faults: faults.counts,
    violations,
    trace: trace.lines,
  }
}

function createSim(random: Random, profile: Profile, keepTrace: boolean): Sim {
  const agenda = createAgenda()
  const trace = createTrace(agenda.now, keepTrace)
  const violations: Violation[] = []
  return {
    random,
    agenda,
    trace,
    faults: createFaults(random, profile.allows),
    violations,
    violate(promise, text) {
      trace.note('BROKEN', () => `${promise}: ${text}`)
      violations.push({ promise, text, atMs: agenda.now() })
    },
  }
}

async function openWorld(
  sim: Sim,
  profile: Profile,
  bug: Bug | undefined,
): Promise<{ world: World; landed: Landed; strangers: Strangers }> {
  const fleet = createFleet(sim.random)
  if (!profile.reconciles) {
    fleet.late.length = 0
    withoutSchedules(fleet)
  }
  if (profile.crashesPollsOnly) widenCaps(fleet)
  const hosts = createHosts(sim)
  const call = createCall(sim, (invocation) => hosts.crash(invocation.host), mayCrash(profile))
  const to: Delivery = { sim, hosts, call, pick: (name) => pickHost(hosts, profile, name) }
  const announcement = sim.random.pick(['blobTrigger', 'events'] as const)
  const wake = bindFunctions(to, () => world, { reconciles: profile.reconciles, announcement })
  const updating = (partition: string) => {
    const [customerId = '', model = ''] = partition.split('|')
    dropAtTheEnd(people, landed, { customerId, model })
  }
  const world = createWorld(sim, fleet, { call, wake, updating, order: orderOf(sim, profile), bug })
  await settle(sim, world, fleet)
  const events = queueOf(world.stores, 'trainingDataEvents', wake)
  const announce = (name: string) => void announceBlob(sim, () => events, announcementOf(announcement, name))
  const people = { sim, trainingData: world.stores.containers.trainingData, announce }
  const landed = planDrops(people, allModels(fleet))
  planApprovers(sim, hosts, world)
  planOperator({ sim, hosts, pick: to.pick, connect: world.connect }, allModels(fleet), faultsForMs)
  return { world, landed, strangers: planStrangers(sim, world, wake) }
}

/** Where all goes well a run stands in line within minutes; after faults, once reconcile has seen to it. */
function orderOf(sim: Sim, profile: Profile): { slackMs: number; isActive(): boolean } {
  if (!profile.reconciles) return { slackMs: 3 * 60_000, isActive: () => true }
  const fromMs = sim.agenda.now() + faultsForMs + 60 * 60_000
  return { slackMs: 30 * 60_000, isActive: () => sim.agenda.now() > fromMs }
}

/** Settings are there from the beginning; a late customer's come while its drops wait. */
async function settle(sim: Sim, world: World, fleet: Fleet): Promise<void> {
  const { customers, webservices } = world.stores.tables
  for (const service of fleet.services) await createWebServiceTable(webservices).putTrainingService(service)
  for (const { customerId, model } of allModels(fleet))
    await world.stores.containers.holdouts.putText(`${customerId}/${model}/held.csv`, heldOut)
  for (const model of fleet.models) await createCustomerTable(customers).putSettings(model)
  for (const model of fleet.late) {
    sim.agenda.after(
      sim.random.between(0, faultsForMs),
      () => void createCustomerTable(customers).putSettings(model),
    )
  }
}

async function announceBlob(sim: Sim, queue: () => ReturnType<typeof queueOf>, body: object): Promise<void> {
  const { random, faults } = sim
  if (faults.happens('lostEvent')) return
  const seconds = faults.happens('lateEvent') ? Math.round(random.between(5, 1_200)) : random.below(3)
  const times = faults.happens('duplicateEvent') ? 2 : 1
  for (let time = 0; time < times; time++) {
    const delaySeconds = seconds + (time > 0 && random.chance(0.5) ? random.below(600) : 0)
    await queue().store.send(body, delaySeconds)
    queue().wake(delaySeconds * 1_000)
  }
}

function pickHost(hosts: Hosts, profile: Profile, name: string) {
  if (!profile.crashesPollsOnly) return hosts.pick()
  const [polling, ...others] = hosts.all
  if (name !== 'pollJobs') return others[0]
  return polling?.isUp === true ? polling : undefined
}

function mayCrash(profile: Profile) {
  return profile.crashesPollsOnly ? (name: string) => name.includes(' pollJobs#') : () => true
}
