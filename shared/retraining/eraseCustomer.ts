import type { AuditLog } from './audit.ts'
import { addErased, type ErasedCounts, type Erasure, newErasure, nextPlace, type Receipt } from './erasure.ts'
import { type ForgetKeyPorts, forgetKey } from './forgetKey.ts'
import type { Asked } from './head.ts'
import type { ModelKey } from './names.ts'
import { type OffboardModelPorts, offboardModel } from './offboardModel.ts'
import type { Clock, Log } from './stores.ts'

/** What erasing a customer needs. */
export type EraseCustomerPorts = OffboardModelPorts &
  Pick<AuditLog, 'beginAudit' | 'endAudit'> &
  ForgetKeyPorts &
  Pick<Clock, 'now' | 'newId'> & {
    log: Log
    tickSeconds: number
    hashOf(text: string): string
    /** Every model of the customer that has a row, off-boarded ones too. */
    listModelsOf(customerId: string): Promise<ModelKey[]>
    /** How many places there are to look in. */
    eraseSteps: number
    /** Removes a page of what a place holds of the customer; rows of the audit log get the pseudonym instead. */
    eraseStep(
      place: { step: number; next?: string | undefined },
      customerId: string,
      pseudonym: string,
    ): Promise<{ kind: string; count: number; next?: string | undefined }>
    readErasure(pseudonym: string): Promise<Erasure | undefined>
    writeErasure(pseudonym: string, erasure: Erasure): Promise<void>
    /** Ends the erasure; from then on late messages of the customer leave no trace. */
    endErasure(pseudonym: string, atMs: number): Promise<void>
  }

/** `notOffboarded`: models that are in service. `waiting`: a run ends first. `going`: call again, it goes on. */
export type Erasing =
  | { kind: 'unknown' }
  | { kind: 'notOffboarded'; models: string[] }
  | { kind: 'waiting'; missing: string }
  | { kind: 'going'; counts: ErasedCounts }
  | { kind: 'erased'; receipt: Receipt }

/**
 * Erases everything of a customer: blobs, rows, archived models, messages and stored keys; audit entries keep a pseudonym. Only
 * of an off-boarded customer, or with `force`, which off-boards it first (and deletes its endpoints). Works for a tick and says
 * how far it is; calling it again goes on, also after a crash. Ends when a whole round through all places finds nothing.
 */
export async function eraseCustomer(
  ports: EraseCustomerPorts,
  customerId: string,
  order: Asked & { force: boolean },
): Promise<Erasing> {
  const pseudonym = pseudonymOf(ports, customerId)
  const models = await ports.listModelsOf(customerId)
  let begun = await ports.readErasure(pseudonym)
  if (begun === undefined && models.length === 0) {
    begun = await eraseAnything(ports, customerId, pseudonym)
    if (begun === undefined) return { kind: 'unknown' }
  }
  if (begun === undefined) {
    const outOfService = await takeOut(ports, models, order)
    if (outOfService !== undefined) return outOfService
  }
  const secrets = await removeSecrets(ports, models)
  const erasure = begun ?? newErasure(ports.now())
  const done = await goOn(ports, { customerId, pseudonym }, addErased(erasure, 'secrets', secrets))
  return done.step < ports.eraseSteps
    ? { kind: 'going', counts: done.counts }
    : { kind: 'erased', receipt: await conclude(ports, pseudonym, done, order.by) }
}

/** Stable, and not the customer's id. */
function pseudonymOf(ports: EraseCustomerPorts, customerId: string): string {
  return `erased-${ports.hashOf(customerId).slice(0, 16)}`
}

/** Also of a customer that was never onboarded there may be something: unclaimed drops, say. The first of it begins an erasure. */
async function eraseAnything(
  ports: EraseCustomerPorts,
  customerId: string,
  pseudonym: string,
): Promise<Erasure | undefined> {
  const nowMs = ports.now()
  for (let step = 0; step < ports.eraseSteps; step++) {
    const { kind, count } = await ports.eraseStep({ step }, customerId, pseudonym)
    if (count === 0) continue
    const begun = addErased(newErasure(nowMs), kind, count)
    await ports.writeErasure(pseudonym, begun)
    return begun
  }
  return undefined
}

async function takeOut(
  ports: EraseCustomerPorts,
  models: readonly ModelKey[],
  { by, reason, force }: Asked & { force: boolean },
): Promise<Erasing | undefined> {
  const inService: ModelKey[] = []
  for (const key of models) {
    if ((await ports.readWritten(key))?.offboarded === undefined) inService.push(key)
  }
  if (inService.length === 0) return undefined
  if (!force) return { kind: 'notOffboarded', models: inService.map(({ model }) => model) }
  for (const key of inService) {
    const outcome = await offboardModel(ports, key, { by, reason, atMs: ports.now(), keepEndpoint: false })
    if (outcome.kind === 'waiting') return outcome
  }
  return undefined
}

async function removeSecrets(ports: EraseCustomerPorts, models: readonly ModelKey[]): Promise<number> {
  let removed = 0
  for (const key of models) {
    const endpoint = (await ports.readWritten(key))?.settings.endpoint
    if (endpoint === undefined) continue
    if ((await forgetKey(ports, endpoint, ports.hashOf)) === 'removed') removed++
  }
  return removed
}

/** Page after page and place after place; each is written down, so that a crash costs one page. */
async function goOn(
  ports: EraseCustomerPorts,
  { customerId, pseudonym }: { customerId: string; pseudonym: string },
  from: Erasure,
): Promise<Erasure> {
  const endsAtMs = ports.now() + ports.tickSeconds * 1000
  let at = from
  while (at.step < ports.eraseSteps && ports.now() < endsAtMs) {
    const page = await ports.eraseStep({ step: at.step, next: at.next }, customerId, pseudonym)
    at = nextPlace(addErased(at, page.kind, page.count), page, ports.eraseSteps)
    await ports.writeErasure(pseudonym, at)
  }
  return at
}

/** The receipt goes into the audit log; then the erasure is over. */
async function conclude(
  ports: EraseCustomerPorts,
  pseudonym: string,
  { startedAtMs, counts }: Erasure,
  by: string,
): Promise<Receipt> {
  const erasedAtMs = ports.now()
  const content = { v: 1 as const, customer: pseudonym, startedAtMs, erasedAtMs, by, counts }
  const receipt = { ...content, hash: ports.hashOf(JSON.stringify(content)) }
  const entry = { what: 'customer erased', target: pseudonym, by, reason: 'receipt' }
  const id = await ports.beginAudit({ ...entry, requestId: ports.newId(), beganAtMs: erasedAtMs })
  const end = {
    outcome: 'done',
    status: 200,
    detail: JSON.stringify(receipt),
    endedAtMs: erasedAtMs,
  } as const
  await ports.endAudit(id, end)
  await ports.endErasure(pseudonym, erasedAtMs)
  ports.log.warn(
    { done: Object.values(counts).reduce((sum, count) => sum + count, 0) },
    'a customer was erased',
  )
  return receipt
}
