import { TerminalError } from './errors.ts'
import { type Happening, withoutTold } from './happenings.ts'
import { ids, type ModelKey } from './names.ts'
import type { Passport } from './passport.ts'
import type { Run } from './run.ts'
import type { ModelSettings } from './settings.ts'
import type { Clock, Log, RunStore, SettingsStore } from './stores.ts'
import { swapHead } from './swap.ts'
import { textOf } from './trouble.ts'
import type { WebhookOwner } from './webhook.ts'
import { eventsOf, type WebhookEvent } from './webhookEvent.ts'
import type { WebhookStore } from './webhookStore.ts'
import { type WritePassportPorts, writePassport } from './writePassport.ts'

/** What telling others needs. */
export type TellPorts = RunStore &
  Pick<SettingsStore, 'readSettings'> &
  WritePassportPorts &
  Pick<WebhookStore, 'readFleetWebhook' | 'readTrouble' | 'insertDelivery' | 'sendWebhookMessage'> &
  Pick<Clock, 'now'> & { log: Log; redact(text: string): string }

/**
 * Tells what the head notes as not told yet: writes the passport of each time of going live, and puts each event on its way to
 * the webhooks that want it. Only then the note is taken off, so that a crash repeats and loses nothing.
 */
export async function tell(ports: TellPorts, key: ModelKey): Promise<void> {
  const untold = (await ports.readHead(key))?.value.untold
  if (untold === undefined) return
  const settings = await readSettings(ports, key)
  const owners = await receivers(ports, key, settings)
  for (const happening of untold) {
    const run = (await ports.readRun({ ...key, generation: happening.generation }))?.value
    if (run === undefined) continue
    const passport = happening.what === 'live' ? await passportAt(ports, run, happening) : undefined
    const events = owners.length === 0 ? [] : eventsOf(happening, run, settings, passport)
    for (const event of events) for (const owner of owners) await dispatch(ports, key, event, owner)
  }
  await swapHead(ports, key, (head) => (head.untold === undefined ? undefined : withoutTold(head, untold)))
}

/** Damaged settings name no webhook; the rest is told all the same. */
async function readSettings(ports: TellPorts, key: ModelKey): Promise<ModelSettings | undefined> {
  try {
    return await ports.readSettings(key)
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error
    ports.log.warn({ ...key }, ports.redact(`told without settings: ${textOf(error)}`))
    return undefined
  }
}

/** Who wants events of this model: not a receiver that was disabled at the URL it still has. */
async function receivers(
  ports: TellPorts,
  { customerId, model }: ModelKey,
  settings: ModelSettings | undefined,
): Promise<WebhookOwner[]> {
  const own = { owner: { customerId, model }, webhook: settings?.webhook }
  const all = [own, { owner: 'fleet' as const, webhook: await ports.readFleetWebhook() }]
  const wanted: WebhookOwner[] = []
  for (const { owner, webhook } of all) {
    if (webhook === undefined) continue
    const trouble = await ports.readTrouble(owner)
    if (trouble?.disabledAtMs === undefined || trouble.url !== webhook.url) wanted.push(owner)
  }
  return wanted
}

/** A passport that can't be made (its manifest is gone, say) keeps nobody from the rest. */
async function passportAt(
  ports: TellPorts,
  run: Run,
  { sequence }: Happening,
): Promise<Passport | undefined> {
  const life = run.lives?.find((one) => one.sequence === sequence)
  if (life === undefined) return undefined
  try {
    return await writePassport(ports, run, life)
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error
    ports.log.error({ ...ids(run) }, ports.redact(`no passport: ${textOf(error)}`))
    return undefined
  }
}

/** The row first, then the message; there already is fine: its message may be what got lost. */
async function dispatch(
  ports: TellPorts,
  key: ModelKey,
  event: WebhookEvent,
  owner: WebhookOwner,
): Promise<void> {
  const target = owner === 'fleet' ? 'fleet' : 'model'
  const id = `${event.id}_${target}`
  const nowMs = ports.now()
  const body = JSON.stringify(event)
  const delivery = { ...key, id, eventId: event.id, target, body, attempts: 0 } as const
  const inserted = await ports.insertDelivery({ ...delivery, createdAtMs: nowMs, dueAtMs: nowMs })
  if (inserted === 'inserted')
    ports.log.info({ ...key }, `event ${event.type} goes to the ${target}'s webhook`)
  await ports.sendWebhookMessage({ v: 1, kind: 'send', id, attempt: 0 }, 0)
}
