import type { Host, Invocation, Sim } from './sim.ts'

/** How long a function may run before the host ends its process, as host.json says, in ms. */
const functionTimeoutMs = 5 * 60_000

/** The worker processes. */
export type Hosts = {
  all: readonly Host[]
  /** A process that is up, by chance. */
  pick(): Host | undefined
  /** Runs a function there. `failed` is told of its error; after a crash nobody is told anything. */
  run(host: Host, name: string, work: (invocation: Invocation) => Promise<void>, ends: Ends): Invocation
  crash(host: Host): void
}

/** What follows an invocation's end. */
export type Ends = { done(): void; failed(error: unknown): void }

/** Two or three processes whose clocks differ. */
export function createHosts(sim: Sim): Hosts {
  const { random, agenda, faults, trace } = sim
  const skewed = faults.happens('clockSkew')
  const all = Array.from({ length: 2 + random.below(2) }, (_none, index): Host => {
    const skewMs = skewed ? Math.round(random.between(-5_000, 5_000)) : 0
    return { name: `host${index + 1}`, skewMs, isUp: true, running: new Set() }
  })
  let ids = 0
  const crash = (host: Host) => {
    trace.note(host.name, () => `dies with ${host.running.size} functions at work`)
    for (const invocation of host.running) invocation.alive = false
    host.running.clear()
    host.isUp = false
    agenda.after(random.between(1_000, 20_000), () => {
      host.isUp = true
    })
  }
  return {
    all,
    crash,
    pick() {
      const up = all.filter((host) => host.isUp)
      return up.length === 0 ? undefined : random.pick(up)
    },
    run(host, name, work, ends) {
      const id = `${host.name} ${name}#${++ids}`
      const invocation: Invocation = { id, host, alive: true, wasFrozen: false }
      host.running.add(invocation)
      agenda.after(functionTimeoutMs, () => invocation.alive && crash(host))
      const over = (end: () => void) => {
        invocation.alive = false
        host.running.delete(invocation)
        end()
      }
      work(invocation).then(
        () => over(ends.done),
        (error) => {
          trace.note(id, () => `fails: ${error instanceof Error ? error.message : String(error)}`)
          over(() => ends.failed(error))
        },
      )
      return invocation
    },
  }
}
