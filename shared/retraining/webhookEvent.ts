import { quarantineOf } from './breaker.ts'
import type { Happening } from './happenings.ts'
import type { Passport } from './passport.ts'
import type { Run } from './run.ts'
import type { ModelSettings } from './settings.ts'

/** An event as it is sent: CloudEvents 1.0, structured JSON. The same event has the same id, however often it is sent. */
export type WebhookEvent = {
  specversion: '1.0'
  id: string
  source: string
  type: string
  subject: string
  time: string
  datacontenttype: 'application/json'
  data: Readonly<Record<string, unknown>>
}

/** The types of events, by what happened. */
export const eventTypes = {
  live: 'retraining.run.live',
  rejected: 'retraining.run.rejected',
  failed: 'retraining.run.failed',
  awaitingApproval: 'retraining.run.awaiting-approval',
  quarantined: 'retraining.model.quarantined',
  test: 'retraining.test',
} as const

type EventKind = keyof typeof eventTypes

const longestReason = 2_000

/** What a happening is told as: the run's event and, when it is the one too many, the model's quarantine. Pure. */
export function eventsOf(
  happening: Happening,
  run: Run,
  settings: Pick<ModelSettings, 'breakerRuns'> | undefined,
  passport?: Passport,
): WebhookEvent[] {
  const events = [eventOf(happening.what, happening, run, dataOf(happening, run, passport))]
  const { failures, generation, atMs } = happening
  if (failures === undefined) return events
  const breaker = { count: failures, generation, lastAtMs: atMs, reason: reasonOf(run) ?? '' }
  const quarantine = quarantineOf(breaker, settings?.breakerRuns)
  const isFirst = quarantineOf({ ...breaker, count: failures - 1 }, settings?.breakerRuns) === undefined
  if (quarantine === undefined || !isFirst) return events
  const { customerId, model } = run
  const data = { customerId, model, generation, reason: quarantine.reason.slice(0, longestReason) }
  return [...events, eventOf('quarantined', happening, run, data)]
}

function eventOf(
  kind: EventKind,
  { generation, atMs }: Happening,
  { customerId, model }: Run,
  data: Readonly<Record<string, unknown>>,
): WebhookEvent {
  return {
    specversion: '1.0',
    id: [customerId, model, generation, kind, atMs].join('_'),
    source: '/retrain',
    type: eventTypes[kind],
    subject: `${customerId}/${model}/${generation}`,
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    data,
  }
}

function dataOf({ what, sequence, atMs }: Happening, run: Run, passport: Passport | undefined) {
  const { customerId, model, generation, attempt, metrics, verdict } = run
  const facts = { customerId, model, generation, attempt, state: what, metrics, verdict }
  if (what !== 'live') return { ...facts, reason: what === 'awaitingApproval' ? undefined : reasonOf(run) }
  const life = run.lives?.find((one) => one.sequence === sequence)
  const liveAt = new Date(atMs).toISOString()
  return { ...facts, warrant: life?.warrant, evidence: life?.evidence, liveAt, passport: passport?.sha256 }
}

function reasonOf({ reason }: Run): string | undefined {
  return reason?.slice(0, longestReason)
}

/** The event of `webhooks test`. Pure; `id` is a fresh one. */
export function testEvent(id: string, nowMs: number): WebhookEvent {
  return {
    specversion: '1.0',
    id: `test_${id}`,
    source: '/retrain',
    type: eventTypes.test,
    subject: 'test',
    time: new Date(nowMs).toISOString(),
    datacontenttype: 'application/json',
    data: { text: 'A webhook of retrain is tried out' },
  }
}
