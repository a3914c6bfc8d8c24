import { z } from 'zod'
import { waitKinds } from '../../retraining/whyFacts.ts'
import { id, instant } from '../fields.ts'
import { modelState, order } from './modelView.ts'

const override = z.object({
  kind: z.enum(['approved', 'rejected']),
  by: z.string(),
  reason: z.string(),
  decidedAt: instant,
})

/** What a person decided in place of the gate, and what an update names as its reason. */
export const decided = {
  warrant: z.enum(['firstModel', 'gatePassed', 'override', 'rollback']).optional(),
  verdict: z.string().optional().meta({ description: 'What the gate said, in words' }),
  override: override.optional(),
}

const use = z.enum(['trained', 'spare', 'overwritten', 'refused'])

const drop = z.object({
  name: z.string(),
  sizeBytes: z.int(),
  acceptedAt: instant,
  use,
  reason: z.string().optional(),
})

const answers = z.object({
  sentences: z.array(z.string()),
  generation: z.int().optional(),
  sinceAt: instant.optional(),
  evidence: z.string().optional(),
  ...decided,
  pinned: order.extend({ generation: z.int() }).optional(),
  drops: z.array(drop).optional(),
  earlierDrops: z.int().optional(),
})

const wait = z.object({
  kind: z.enum(waitKinds),
  sentence: z.string(),
  generation: z.int().optional(),
  sinceAt: instant.optional(),
  untilAt: instant.optional(),
  drops: z.int().optional(),
  place: z.int().optional(),
  inLine: z.int().optional(),
  service: z.string().optional(),
  jobId: z.string().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
})

/** What answers now and why; what waits, and for what. */
export const whyView = z.object({
  customerId: id,
  model: id,
  state: modelState,
  answers,
  waits: z.array(wait),
})

/** What one generation trained on: the manifest, without the names of its immutable copies. */
export const manifestView = z.object({
  openedAt: instant,
  drops: z.array(
    drop.extend({ id: z.string(), etag: z.string(), md5: z.string().optional(), lastModifiedAt: instant }),
  ),
  earlier: z.array(z.object({ id: z.string(), generation: z.int(), sizeBytes: z.int() })),
  leftOut: z.array(z.object({ id: z.string(), generation: z.int(), sizeBytes: z.int() })).optional(),
  input: z.object({ name: z.string(), sizeBytes: z.int() }).optional(),
})
