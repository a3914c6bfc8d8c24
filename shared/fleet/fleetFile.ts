import { z } from 'zod'
import { isId } from '../retraining/names.ts'
import { modelFields } from './modelFields.ts'
import { predictiveServiceBody, trainingServiceBody } from './serviceFields.ts'

const id = z
  .string()
  .refine(isId, 'lower-case letters, digits and dashes, at most 63')
  .meta({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
const serviceName = z.string().min(1).max(260)
const model = z.strictObject(modelFields)

/** YAML's nothing (`census:`) is a model with defaults only. */
const declaredModel = z.union([z.null(), model])

/** A fleet file: web services and customers with their models. Nothing in it is a secret. Source: docs/fleet-file.md. */
export const fleetFile = z
  .strictObject({
    $schema: z.string().optional(),
    services: z
      .strictObject({
        training: z.record(serviceName, trainingServiceBody).optional(),
        predictive: z.record(serviceName, predictiveServiceBody).optional(),
      })
      .optional()
      .meta({ description: 'Web services by name; those that the app knows need not be here' }),
    defaults: model.optional().meta({ description: 'Holds for every model that does not say otherwise' }),
    models: z
      .record(id, model)
      .optional()
      .meta({ description: 'Defaults of one model, by its name: before those of all' }),
    customers: z
      .record(
        id,
        z.union(
          [
            z.array(id).meta({ description: 'Models that have nothing of their own' }),
            z.record(id, declaredModel),
          ],
          'its models: a list of names, or each name with its settings',
        ),
      )
      .optional()
      .meta({ description: 'Customers by id, each with its models' }),
  })
  .meta({ title: 'retrain fleet' })

/** A fleet file as it was read. */
export type FleetFile = z.output<typeof fleetFile>

/** The JSON Schema of a fleet file, for editors. Pure. */
export function fleetJsonSchema(): object {
  return z.toJSONSchema(fleetFile, { io: 'input', unrepresentable: 'any', reused: 'ref' })
}
