import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const limit = z.strictObject({ calls: z.int().positive(), renewalPeriodSeconds: z.int().positive() })

const product = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  name: z.string().min(1),
  /** Calls in any stretch of this length; API Management takes at most 300 s. */
  rateLimit: limit.optional(),
  /** Calls in each period, counted from the subscription's start. */
  quota: limit.optional(),
  /** Whether the caller's Authorization is passed on, or the key that the subscription refers to takes its place. */
  endpointKeyMode: z.enum(['passThrough', 'inject']),
})

const file = z.strictObject({ products: z.array(product).min(1) })

/** What a subscription may call, how often. */
export type Product = z.infer<typeof product>

/** So many calls in so many seconds. */
export type Limit = z.infer<typeof limit>

/** The products that come with the gateway; the policies for Azure are checked against the same file. */
export const builtInProducts = join(import.meta.dirname, 'products.json')

/** Reads a file of products (`products.json`); throws one line that names what is wrong. */
export function loadProducts(path: string = builtInProducts): readonly Product[] {
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8'))).products
  } catch (error) {
    throw new Error(`Cannot read products of ${path}: ${reasonOf(error)}`, { cause: error })
  }
}

/** The product of that name or id, in any case. */
export function findProduct(products: readonly Product[], nameOrId: string): Product | undefined {
  const wanted = nameOrId.toLowerCase()
  return products.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`).join('; ')
  }
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
}
