import type { Cells } from '../../shared/lib/tableStore.ts'
import type { Sim } from './sim.ts'
import type { MemoryStores } from './stores.ts'

const ended = new Set<unknown>(['live', 'rejected', 'superseded', 'failed', 'cancelled'])

/**
 * K1: nothing is removed that is needed: the model of a generation that head names, the input of a run under way, and what the
 * last generation was made of. Looks at the rows themselves, at the moment of the removal.
 */
export function checkRemoval(sim: Sim, stores: MemoryStores, container: string, name: string): void {
  // A landed blob is needed until it is copied: what it is lost by is S3's matter.
  if (container === 'training-data') return
  const [customerId, model] = name.split('/')
  const partition = `${customerId}|${model}`
  const rows = stores.tables.models.rows().filter(({ partitionKey }) => partitionKey === partition)
  const head = rows.find(({ rowKey }) => rowKey === 'head')?.cells ?? {}
  const runs = rows.filter(({ rowKey }) => rowKey.startsWith('run|')).map(({ cells }) => cells)
  const users = runs
    .filter((run) => uses(stores, run, container, name, run.generation === head.lastGeneration))
    .filter((run) => isNeeded(run, head, container) && !isTrained(run, container, name))
  for (const { generation, state } of users) {
    sim.violate(
      'K1',
      `${container}/${name} is removed, and generation ${generation} (${state}) of ${partition} needs it`,
    )
  }
}

/**
 * A model that is being removed stands in its row as that, no longer as the archived one. The copies that a set was joined of
 * are used by the last generation's successor only: an earlier run that is under way has the set itself.
 */
function uses(stores: MemoryStores, run: Cells, container: string, name: string, isLast: boolean): boolean {
  if (container === 'models') return `${run.archive ?? ''} ${run.removing ?? ''}`.includes(`"${name}"`)
  if (String(run.input ?? '').includes(`"${name}"`) || run.manifest === name) return true
  return isLast && stores.containers.trainingSets.text(String(run.manifest)).includes(`"${name}"`)
}

function isNeeded(run: Cells, head: Cells, container: string): boolean {
  if (run.generation === head.lastGeneration) return true
  if (container === 'models') return !ended.has(run.state) || isNamed(run.generation, head)
  return !ended.has(run.state) && run.input !== undefined
}

/** An earlier generation that a rollback puts back has its model: what it was trained on is of no use any more. */
function isTrained(run: Cells, container: string, name: string): boolean {
  return run.warrant === 'rollback' && container !== 'models' && run.manifest !== name
}

function isNamed(generation: unknown, head: Cells): boolean {
  const parts = [head.pin, head.claim].map((part) =>
    typeof part === 'string' ? JSON.parse(part).generation : 0,
  )
  const lists = [head.awaiting, head.approved].flatMap((list) =>
    typeof list === 'string' ? JSON.parse(list) : [],
  )
  return [head.live, head.inFlight, head.floor, ...parts, ...lists].includes(generation)
}
