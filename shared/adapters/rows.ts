import { z } from 'zod'
import type { Drop } from '../retraining/drop.ts'
import type { Head } from '../retraining/head.ts'
import type { Run } from '../retraining/run.ts'
import { runStates } from '../retraining/runStates.ts'
import { decision, holdoutResult, measuring, override } from './gateRows.ts'
import { happening, life, wireAnswer } from './lineageRows.ts'
import { createRowCodec } from './rowCodec.ts'

const count = z.int().min(0)
const instant = z.number()
const watermark = z.object({ lastModifiedAtMs: instant, name: z.string() })
const file = z.object({ name: z.string(), sizeBytes: count, sha256: z.string() })
const due = z.object({ token: z.string(), dueAtMs: instant, count })

const order = { by: z.string(), reason: z.string(), atMs: instant }
const lastSchedule = z.object({
  dueAtMs: instant,
  outcome: z.enum(['started', 'skipped']),
  reason: z.string(),
})

const head = z.object({
  lastGeneration: count,
  inFlight: count.optional(),
  live: count.optional(),
  floor: count,
  pin: z.object({ ...order, generation: count }).optional(),
  barred: count.optional(),
  claim: z.object({ generation: count, attempt: count, owner: z.string(), untilAtMs: instant }).optional(),
  startRequestedForAtMs: instant.optional(),
  marksOf: count.optional(),
  awaiting: z.array(count).optional(),
  approved: z.array(count).optional(),
  usualJobSeconds: z.number().optional(),
  trainedOn: watermark.optional(),
  paused: z.object(order).optional(),
  retrain: z
    .object({ ...order, again: z.boolean().optional(), scheduled: z.boolean().optional() })
    .optional(),
  breaker: z.object({ count, generation: count, lastAtMs: instant, reason: z.string() }).optional(),
  schedule: z.object({ text: z.string(), nextAtMs: instant, last: lastSchedule.optional() }).optional(),
  lives: count.optional(),
  untold: z.array(happening).optional(),
})

const update = z.object({
  attempt: count,
  claimedAtMs: instant,
  patchedAtMs: instant.optional(),
  deadlineAtMs: instant.optional(),
  lastChance: z.boolean().optional(),
  probeBefore: z.string().optional(),
  check: due.optional(),
})

const timelineEntry = z.object({
  atMs: instant,
  text: z.string(),
  count: count.optional(),
  lastAtMs: instant.optional(),
})

const run = z.object({
  customerId: z.string(),
  model: z.string(),
  generation: count,
  state: z.enum(runStates),
  attempt: count,
  platformFailures: count,
  manifest: z.string(),
  input: z.object({ name: z.string(), sizeBytes: count }).optional(),
  trainedOn: watermark.optional(),
  trainingService: z.string(),
  jobId: z.string().optional(),
  slot: z.string().optional(),
  inputExpiresAtMs: instant.optional(),
  jobStartedAtMs: instant.optional(),
  usualJobSeconds: z.number().optional(),
  jobDeadlineAtMs: instant.optional(),
  cancelReason: z.string().optional(),
  cancel: z.object(order).optional(),
  poll: due.optional(),
  retry: z.object({ count, sinceAtMs: instant, dueAtMs: instant }).optional(),
  archive: z.object({ model: file, evaluation: file }).optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  oddMetrics: z.record(z.string(), z.string()).optional(),
  measuring: measuring.optional(),
  holdout: holdoutResult.optional(),
  warrant: z.enum(['firstModel', 'gatePassed', 'override', 'rollback']).optional(),
  verdict: z.string().optional(),
  decision: decision.optional(),
  override: override.optional(),
  update: update.optional(),
  evidence: z.string().optional(),
  reason: z.string().optional(),
  removing: z.object({ sets: z.array(z.string()), models: z.array(z.string()) }).optional(),
  trainingSetGone: z.boolean().optional(),
  openedAtMs: instant,
  redrivenAtMs: instant.optional(),
  updatedAtMs: instant,
  trainedAtMs: instant.optional(),
  liveAtMs: instant.optional(),
  endedAtMs: instant.optional(),
  lives: z.array(life).optional(),
  answers: z.array(wireAnswer).optional(),
  timeline: z.array(timelineEntry),
})

const drop = z.object({
  id: z.string(),
  name: z.string(),
  etag: z.string(),
  sizeBytes: count,
  md5: z.string().optional(),
  lastModifiedAtMs: instant,
  acceptedAtMs: instant,
  state: z.enum(['pending', 'taken', 'unchanged', 'excluded']),
  generation: count.optional(),
  use: z.enum(['trained', 'spare', 'overwritten', 'refused']).optional(),
  reason: z.string().optional(),
  excludedFor: z.string().optional(),
})

/** A model's head row. */
export const headCodec = createRowCodec<Head>('head', head, [
  'claim',
  'awaiting',
  'approved',
  'trainedOn',
  'pin',
  'paused',
  'retrain',
  'breaker',
  'schedule',
  'untold',
])

/** A run's row. */
export const runCodec = createRowCodec<Run>('run', run, [
  'input',
  'cancel',
  'trainedOn',
  'poll',
  'retry',
  'archive',
  'metrics',
  'oddMetrics',
  'measuring',
  'holdout',
  'decision',
  'override',
  'update',
  'lives',
  'answers',
  'removing',
  'timeline',
])

/** A drop's record, and its place in the waiting list. */
export const dropCodec = createRowCodec<Drop>('drop', drop, [])
