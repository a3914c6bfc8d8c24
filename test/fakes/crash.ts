/** Counts effects and ends the worker at one of them: everything it calls afterwards fails until it is revived. */
export type CrashPlan = {
  /** Effects seen so far. */
  effects: number
  /** Wraps every function of a port so that it counts. */
  wrap<Port extends object>(port: Port): Port
  revive(): void
  /** Counts from here, to another effect where one is given: the setting up was not part of it. */
  restart(at?: number): void
}

/** The worker dies at effect number `at` (from 0): before it happens, or after it happened but was not answered. */
export function createCrashPlan(firstAt: number, when: 'before' | 'after'): CrashPlan {
  let at = firstAt
  let dead = false
  let armed = false
  const plan: CrashPlan = {
    effects: 0,
    wrap: (port) =>
      new Proxy(port, {
        get(target, name, receiver) {
          const value: unknown = Reflect.get(target, name, receiver)
          if (typeof value !== 'function' || name === 'putText' || name === 'text') return value
          return async (...args: unknown[]) => {
            if (dead) throw new Error('the worker is dead')
            const dies = plan.effects++ === at && armed
            if (dies && when === 'before') throw die()
            const answer: unknown = await value.apply(target, args)
            if (dies) throw die()
            return answer
          }
        },
      }),
    revive: () => {
      dead = false
    },
    restart: (otherAt = at) => {
      at = otherAt
      plan.effects = 0
      armed = true
    },
  }
  const die = () => {
    dead = true
    return new Error(`the worker died at effect ${at}`)
  }
  return plan
}
