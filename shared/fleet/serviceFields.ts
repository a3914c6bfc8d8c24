import { z } from 'zod'
import type { PredictiveServiceSettings } from '../retraining/predictiveServices.ts'
import type { TrainingServiceSettings } from '../retraining/settings.ts'
import { reference } from './modelFields.ts'

const port = z.string().min(1).max(260)
const url = z.url({ protocol: /^https?$/ })

/** A training web service, beside its name. */
export const trainingServiceBody = z.strictObject({
  jobsUrl: url.meta({ description: 'https://.../workspaces/{ws}/services/{endpointId}/jobs' }),
  apiKey: reference,
  inputPort: port.default('input1'),
  modelPort: port.default('output1'),
  evaluationPort: port.default('output2'),
  maxJobsInFlight: z.int().positive().max(1_000).default(40),
  maxJobsPerCustomer: z.int().positive().max(1_000).optional(),
}) satisfies z.ZodType<Omit<TrainingServiceSettings, 'name'>>

/** A predictive web service, beside its name. */
export const predictiveServiceBody = z.strictObject({
  managementUrl: url
    .refine(
      (text) => /\/webservices\/[^/]+\/?$/.test(text.split('?')[0] ?? ''),
      'it ends in /webservices/{id}',
    )
    .meta({ description: 'https://management.azureml.net/workspaces/{ws}/webservices/{id}' }),
  token: reference.meta({ description: 'The workspace’s token, by reference' }),
  resourceName: z.string().min(1).optional().meta({ description: 'Census Model [trained model]' }),
  inputPort: port.optional(),
  outputPort: port.optional(),
  template: z
    .strictObject({
      description: z
        .string()
        .max(1_000)
        .optional()
        .meta({ description: '{customer} and {model} stand for the ids' }),
      throttleLevel: z.enum(['Low', 'High']).optional(),
      maxConcurrentCalls: z.int().min(1).max(200).optional(),
      logging: z.enum(['None', 'Error', 'All']).optional(),
      sampleData: z.boolean().optional(),
    })
    .optional()
    .meta({ description: 'What new endpoints are made with' }),
}) satisfies z.ZodType<Omit<PredictiveServiceSettings, 'name'>>
