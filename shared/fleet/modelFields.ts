import { z } from 'zod'
import type { GivenDeclaration } from '../retraining/declaration.ts'
import { gateFields } from './gateFields.ts'
import { scheduleFields } from './scheduleFields.ts'

const name = z.string().min(1).max(260)
/** A reference to a secret, never the secret. */
export const reference = z
  .string()
  .regex(/^(?:env|file|keyvault):\w[\w.-]*$/, 'a reference: env:NAME, file:NAME or keyvault:NAME')
const daySeconds = 86_400
const longestDeadlineMinutes = 8_580

const webhook = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine(mayReceive, 'https and a name, no address (this machine in development only)'),
  secret: reference.meta({ description: 'The secret that signs (whsec_ and base64), by reference' }),
})

/** What the app refuses wherever it runs; it knows more, as whose names are allowed. Pure. */
function mayReceive(text: string): boolean {
  if (!URL.canParse(text)) return true
  const { hostname, protocol } = new URL(text)
  if (/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)) return true
  return protocol === 'https:' && !/^(\[|[\d.]+$)/.test(hostname)
}

/** The fields of a model that a fleet file and `PUT customers/{id}/models/{model}` take; each may be left out. */
export const modelFields = {
  trainingService: name.optional().meta({ description: 'The only one where absent' }),
  predictiveService: name.optional().meta({ description: 'The only one where absent' }),
  endpoint: name.optional().meta({
    description:
      'Its name: 24 lower-case letters and digits at most. {customer} and {model} stand for the ids without dashes. By the name rule where absent',
  }),
  adopt: z.boolean().optional().meta({ description: 'The endpoint is there already: none is made' }),
  resourceName: name
    .optional()
    .meta({ description: 'Census Model [trained model]; the service’s where absent' }),
  trainingData: z
    .enum(['latest', 'append'])
    .optional()
    .meta({ description: 'Each drop is a whole training set (usual), or the last ones are joined' }),
  quietSeconds: z.number().min(0).max(daySeconds).optional(),
  maxQuietSeconds: z.number().min(0).max(daySeconds).optional(),
  jobDeadlineMinutes: z.number().positive().max(longestDeadlineMinutes).optional(),
  gate: gateFields.optional(),
  schedule: scheduleFields.optional(),
  probeRow: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'One row, by column: scored before and after an update' }),
  driftPolicy: z.enum(['mend', 'report']).optional(),
  approvalDays: z.number().positive().optional(),
  appendDrops: z.int().positive().optional(),
  appendBytes: z.int().positive().optional(),
  breakerRuns: z.int().min(0).optional(),
  webhook: webhook.optional(),
}

/** What may be said of one customer's model. */
export const modelBody = z.strictObject(modelFields) satisfies z.ZodType<GivenDeclaration>
