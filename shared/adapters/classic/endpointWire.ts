import { z } from 'zod'
import type { EndpointDescription, ResourceLocation, ScoringRow } from '../../retraining/services.ts'
import { encodeLocation } from './jobWire.ts'

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')

/** An endpoint as GET and PUT by name answer it. */
const endpointAnswer = z.object({
  Name: z.string(),
  PreventUpdate: z.boolean().nullish(),
  Resources: z
    .array(
      z.object({
        Name: z.string(),
        Location: z.object({ BaseLocation: text, RelativeLocation: text }).nullish(),
      }),
    )
    .nullish(),
})

/** What an endpoint says of itself; its keys and tokens, which stand in the same answer, are left behind. Throws what zod throws. */
export function decodeEndpoint(answer: string): EndpointDescription {
  const { Name: name, PreventUpdate, Resources } = endpointAnswer.parse(JSON.parse(answer))
  return {
    name,
    isDefault: name.toLowerCase() === 'default',
    preventUpdate: PreventUpdate ?? false,
    resources: (Resources ?? []).map((resource) => ({
      name: resource.Name,
      baseLocation: withoutQuery(resource.Location?.BaseLocation),
      relativeLocation: withoutQuery(resource.Location?.RelativeLocation),
    })),
  }
}

function withoutQuery(location = ''): string {
  return location.split('?')[0] ?? ''
}

/** The PATCH that installs a model. Source: classic-protocol.md, 4. */
export function encodeUpdate(resourceName: string, location: ResourceLocation): object {
  return { Resources: [{ Name: resourceName, Location: encodeLocation(location) }] }
}

/** Rows as a table, columns in the order of the first row that has them. */
export function encodeRows(inputPort: string, rows: readonly ScoringRow[]): object {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const values = rows.map((row) => names.map((name) => row[name] ?? ''))
  return { Inputs: { [inputPort]: { ColumnNames: names, Values: values } }, GlobalParameters: {} }
}

const cell = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? '' : String(value)))

const tableOutput = z.object({
  value: z.object({ ColumnNames: z.array(z.string()), Values: z.array(z.array(cell)) }),
})
const scoreAnswer = z.object({ Results: z.record(z.string(), tableOutput) })

/** The rows of the output port (the first where none is named), by column name. Throws what zod throws. */
export function decodeRows(answer: string, outputPort?: string): Record<string, string>[] {
  const { Results } = scoreAnswer.parse(JSON.parse(answer))
  const output = outputPort === undefined ? Object.values(Results)[0] : Results[outputPort]
  if (output === undefined) return []
  const { ColumnNames, Values } = output.value
  return Values.map((row) => Object.fromEntries(ColumnNames.map((name, index) => [name, row[index] ?? ''])))
}
