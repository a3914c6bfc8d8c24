import type { Stores } from '../../shared/adapters/appPorts.ts'
import type { CrashPlan } from './crash.ts'

/** A port whose worker may die at any of its calls. */
export function wrapped<Port extends object>(port: Port, crash: CrashPlan | undefined): Port {
  return crash === undefined ? port : crash.wrap(port)
}

/** Stores whose worker may die at any of their calls. */
export function wrappedStores<Kind extends Stores>(stores: Kind, crash: CrashPlan): Stores {
  const all = <Group extends object>(group: Group): Group =>
    Object.fromEntries(
      Object.entries(group).map(([name, store]) => [name, crash.wrap(store as object)]),
    ) as Group
  return { tables: all(stores.tables), queues: all(stores.queues), containers: all(stores.containers) }
}
