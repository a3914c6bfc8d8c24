import { z } from 'zod'

const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'letters, digits and dashes only')

const endpoint = z.strictObject({
  name: z.string().regex(/^[a-z0-9]{1,24}$/, '24 lower-case letters or digits at most'),
  id: id.exactOptional(),
  primaryKey: z.string().min(1).exactOptional(),
  secondaryKey: z.string().min(1).exactOptional(),
  description: z.string().exactOptional(),
  throttleLevel: z.enum(['Low', 'High']).exactOptional(),
  maxConcurrentCalls: z.int().min(1).max(200).exactOptional(),
})

const webService = z.strictObject({
  id: id.exactOptional(),
  /** Key of the experiment file that it is made of. */
  experiment: z.string().min(1),
  name: z.string().min(1).exactOptional(),
  description: z.string().exactOptional(),
  endpoints: z.array(endpoint).default([]),
})

const workspace = z.strictObject({
  id,
  name: z.string().default('Workspace'),
  token: z.string().min(1),
  /** Absent: one web service for every experiment. */
  webServices: z.array(webService).exactOptional(),
})

/** A seed file: workspaces, web services and endpoints with given ids, names, tokens and keys. */
export const seedSchema = z.strictObject({ workspaces: z.array(workspace).min(1) })
export type Seed = z.infer<typeof seedSchema>
export type SeededWorkspace = Seed['workspaces'][number]
export type SeededWebService = z.infer<typeof webService>

/** Decodes a seed; throws one error with everything that is wrong, by path. */
export function decodeSeed(json: unknown, file: string): Seed {
  const parsed = seedSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new Error(`Cannot read seed ${file}:\n${z.prettifyError(parsed.error)}`)
}
