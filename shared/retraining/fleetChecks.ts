import { type CheckSecretsPorts, checkSecrets } from './checkSecrets.ts'
import { isOpenLetter } from './dismissLetter.ts'
import { age, type Check, type CheckName, judgeCount } from './healthChecks.ts'
import type { ModelKey, RunKey } from './names.ts'
import type { Page } from './reconcile.ts'
import { isEnded } from './run.ts'
import type { Clock, ListedLetter, RunStore, SlotBoard } from './stores.ts'

/** A drift that reconcile found: an endpoint with another model than the live one. */
export type Drift = ModelKey & { foundAtMs: number }

/** What looking at the fleet needs; each list is read one page far. */
export type CheckFleetPorts = CheckSecretsPorts &
  Pick<RunStore, 'readRun'> &
  Pick<Clock, 'now'> & {
    listTrainingServices(next: string | undefined): Promise<Page<string>>
    readSlots(service: string): Promise<SlotBoard>
    readUnclaimed(page: { size: number }): Promise<{ drops: readonly unknown[]; next?: string }>
    readDeadLetters(page: { size: number }): Promise<{ letters: readonly ListedLetter[]; next?: string }>
    readDrifts(): Promise<Drift[]>
  }

const pageSize = 1_000
const dayMs = 24 * 3_600_000
/** A job that is to stop has a day for it. */
const graceMs = dayMs
const shown = 5

/** Each looks at one thing of the fleet. */
export const fleetChecks: { name: CheckName; see(ports: CheckFleetPorts): Promise<Check[]> }[] = [
  { name: 'services', see: seeServices },
  { name: 'unclaimed', see: seeUnclaimed },
  { name: 'dead-letters', see: seeLetters },
  { name: 'drift', see: seeDrift },
  { name: 'secrets', see: async (ports) => [await checkSecrets(ports)] },
]

/** Paused services, and runs that hold a slot beyond their job's deadline. */
async function seeServices(ports: CheckFleetPorts): Promise<Check[]> {
  const { items } = await ports.listTrainingServices(undefined)
  const paused: string[] = []
  const stuck: string[] = []
  for (const service of items) {
    const { slots, health } = await ports.readSlots(service)
    const pause = health?.value.paused
    if (pause !== undefined) {
      paused.push(`${service} for ${age(ports.now() - pause.sinceAtMs)}: ${pause.reason}`)
    }
    for (const slot of slots) if (await isStuck(ports, slot)) stuck.push(nameOf(slot))
  }
  return [
    judgeCount(
      'services',
      { count: paused.length, text: listed(paused) },
      'its runs wait; see its key and its own state: a probe resumes it as soon as one succeeds',
    ),
    judgeCount(
      'stuck-runs',
      { count: stuck.length, text: listed(stuck) },
      'ask the service for the job; retrain cancel ends the run',
    ),
  ]
}

async function isStuck(ports: CheckFleetPorts, key: RunKey): Promise<boolean> {
  const run = (await ports.readRun(key))?.value
  if (run === undefined || isEnded(run.state)) return false
  return run.jobDeadlineAtMs !== undefined && ports.now() > run.jobDeadlineAtMs + graceMs
}

async function seeUnclaimed(ports: CheckFleetPorts): Promise<Check[]> {
  const { drops, next } = await ports.readUnclaimed({ size: pageSize })
  const remedy = 'add the customer, or take the file away: retrain unclaimed lists them with the reason'
  return [judgeCount('unclaimed', { count: drops.length, more: next !== undefined }, remedy)]
}

async function seeLetters(ports: CheckFleetPorts): Promise<Check[]> {
  const { letters, next } = await ports.readDeadLetters({ size: pageSize })
  const open = letters.filter(isOpenLetter)
  const remedy =
    'retrain dead-letters says why; once that is mended, retrain dead-letters redrive, or dismiss what needs nothing any more'
  return [judgeCount('dead-letters', { count: open.length, more: next !== undefined }, remedy)]
}

async function seeDrift(ports: CheckFleetPorts): Promise<Check[]> {
  const sinceMs = ports.now() - dayMs
  const found = (await ports.readDrifts()).filter(({ foundAtMs }) => foundAtMs >= sinceMs)
  const remedy = 'somebody else updates these endpoints: take their keys back, or set driftPolicy to mend'
  return [judgeCount('drift', { count: found.length, text: listed(found.map(nameOf)) }, remedy)]
}

function nameOf({ customerId, model, generation }: ModelKey & { generation?: number }): string {
  return `${customerId}/${model}${generation === undefined ? '' : `/${generation}`}`
}

function listed(texts: readonly string[]): string {
  const rest = texts.length - shown
  return `${texts.slice(0, shown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
