import { setTimeout as delay } from 'node:timers/promises'
import { hostTimes } from './app.ts'
import { breakLocksAfter } from './locks.ts'
import type { Side } from './network.ts'
import type { PlannedFault } from './plan.ts'
import { childrenOf, type Part } from './processes.ts'
import type { Rig } from './rig.ts'

/** What was done, by kind. */
export type Done = { kills: number; cuts: number; counts: Record<string, number> }

/** Does faults to a rig. Faults of one part or one side of the network wait for each other. */
export type Injector = {
  done: Done
  /** Begins a fault; `settle` waits for its end. */
  inject(fault: PlannedFault): void
  /** Waits until every fault is over, heals the network and takes what waits to go wrong from the emulator. */
  settle(): Promise<void>
}

/** An injector that says what it does. */
export function createInjector(rig: Rig, print: (line: string) => void): Injector {
  const done: Done = { kills: 0, cuts: 0, counts: {} }
  const turns = new Map<string, Promise<void>>()
  const inTurn = (what: string, act: () => Promise<void>) => {
    const turn = (turns.get(what) ?? Promise.resolve()).then(act).catch((error: unknown) => {
      print(`fault ${what} went wrong: ${String(error)}`)
    })
    turns.set(what, turn)
  }
  const count = (fault: PlannedFault) => {
    done.counts[fault.kind] = (done.counts[fault.kind] ?? 0) + 1
    if (fault.family === 'kill') done.kills += 1
    if (fault.family === 'cut') done.cuts += 1
    const seconds = fault.forMs > 0 ? ` for ${(fault.forMs / 1000).toFixed(1)} s` : ''
    print(`${fault.family}: ${fault.kind}${seconds}`)
  }
  return {
    done,
    inject(fault) {
      const act = actionOf(rig, fault)
      inTurn(act.on, async () => {
        count(fault)
        await act.run()
      })
    },
    async settle() {
      await Promise.all(turns.values())
      for (const side of ['storage', 'service'] as const) rig.network.heal(side)
      await rig.emulator.start()
      await fetch(`${rig.emulatorUrl}/admin/faults`, { method: 'DELETE' })
    },
  }
}

/** What a fault is done on (one at a time) and how. */
function actionOf(rig: Rig, fault: PlannedFault): { on: string; run(): Promise<void> } {
  const { kind, forMs } = fault
  const host = rig.hosts[fault.turn % 2] ?? rig.hosts[0]
  const weather = (side: Side, change: Parameters<Rig['network']['weather']>[1]) => ({
    on: side,
    run: async () => {
      rig.network.weather(side, change)
      await delay(forMs)
      rig.network.heal(side)
    },
  })
  const reset = (side: Side) => ({ on: side, run: async () => void rig.network.reset(side) })
  switch (kind) {
    case 'worker':
      return { on: 'hosts', run: () => killWorker(host) }
    case 'host':
      return { on: 'hosts', run: () => bounceHosts(rig, [host], forMs) }
    case 'both hosts':
      return { on: 'hosts', run: () => bounceHosts(rig, rig.hosts, forMs) }
    case 'emulator':
      return { on: 'emulator', run: () => bounce([rig.emulator], forMs) }
    case 'storage down':
      return weather('storage', { state: 'down' })
    case 'service down':
      return weather('service', { state: 'down' })
    case 'storage silent':
      return weather('storage', { state: 'silent' })
    case 'service silent':
      return weather('service', { state: 'silent' })
    case 'storage reset':
      return reset('storage')
    case 'service reset':
      return reset('service')
    case 'answers of storage lost':
      return weather('storage', { answersLostAfter: 0 })
    case 'answers of service lost':
      return weather('service', { answersLostAfter: 0 })
    case 'storage slow':
      return weather('storage', { latencyMs: 40, jitterMs: 160 })
    case 'service slow':
      return weather('service', { latencyMs: 200, jitterMs: 800 })
    case 'storage stopped':
      return { on: 'storage', run: () => stopStorage(rig, forMs) }
    default:
      return { on: 'wishes', run: () => wish(rig, kind) }
  }
}

async function killWorker(host: Part): Promise<void> {
  const pid = host.pid()
  for (const worker of pid === undefined ? [] : childrenOf(pid)) process.kill(worker, 'SIGKILL')
}

/** kill -9, a pause, and up again. */
async function bounce(parts: readonly Part[], forMs: number): Promise<void> {
  await Promise.all(parts.map((part) => part.kill()))
  await delay(forMs)
  await Promise.all(parts.map((part) => part.start()))
}

async function bounceHosts(rig: Rig, hosts: readonly Part[], forMs: number): Promise<void> {
  const broken = breakLocksAfter(hostTimes.lockLeaseSeconds, rig.connectionString)
  // Storage may be down then: the locks run out by themselves.
  await Promise.all([bounce(hosts, forMs), broken.catch(() => {})])
}

/** Azurite is cut off and told to stop, never killed: it would lose writes that it has acknowledged. */
async function stopStorage(rig: Rig, forMs: number): Promise<void> {
  rig.network.weather('storage', { state: 'down' })
  await rig.storage.stop()
  await delay(forMs)
  await rig.storage.start()
  rig.network.heal('storage')
}

/** What the emulator is asked to do wrong, once or a few times. Source: emulator/admin/fault.ts. */
const wishes: Record<string, object[]> = {
  throttled: [{ kind: 'throttle', status: 429, retryAfterSeconds: 1, count: 5 }],
  'error after the effect': [
    { kind: 'errorAfter', operation: 'submitJob' },
    { kind: 'errorAfter', operation: 'startJob' },
    { kind: 'errorAfter', operation: 'updateEndpoint' },
  ],
  'results expired': [{ kind: 'expiredSas' }],
  'update late': [{ kind: 'patchLate', seconds: 3 }],
  'job slow': [{ kind: 'slowStart', seconds: 5 }],
  'job fails and tells its input': [{ kind: 'failJobWithSas' }],
  'update lies': [{ kind: 'patchKeepsModel', count: 3 }],
}

/** Asks the emulator, past the proxy. One that is down forgets its faults anyway. */
export async function wish(rig: Pick<Rig, 'emulatorUrl'>, kind: string): Promise<void> {
  for (const fault of wishes[kind] ?? []) {
    const answer = await fetch(`${rig.emulatorUrl}/admin/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    }).catch(() => undefined)
    if (answer !== undefined && !answer.ok) {
      throw new Error(`Cannot ask the emulator for ${kind}: ${answer.status} ${await answer.text()}`)
    }
  }
}
