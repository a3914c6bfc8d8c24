import { randomUUID } from 'node:crypto'
import type { RpcData } from '../worker/protocol.ts'

/** What `{name}` in the path of an input or output binding can stand for. */
export type ExpressionValues = Record<string, unknown>

/** The values a trigger gives to binding expressions, from its metadata. Pure. */
export function expressionValues(metadata: Record<string, RpcData>): ExpressionValues {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, data]) => [
      name,
      data.json === undefined ? data.string : JSON.parse(data.json),
    ]),
  )
}

/**
 * Replaces each `{name}` (any case, `a.b` into objects), `{rand-guid}` and `{DateTime}` in a binding's path. Throws for a
 * name the trigger doesn't give.
 */
export function resolveExpressions(template: string, values: ExpressionValues, nowMs: number): string {
  return template.replace(/\{([^{}]+)\}/g, (_all, expression: string) => {
    const name = expression.toLowerCase()
    if (name === 'rand-guid') return randomUUID()
    if (name === 'datetime') return new Date(nowMs).toISOString().replace(/\.\d+/, '')
    const value = name.split('.').reduce<unknown>(child, values)
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return String(value)
    throw new Error(`Cannot resolve {${expression}} of "${template}": the trigger gives no such value`)
  })
}

function child(parent: unknown, key: string): unknown {
  if (parent === null || typeof parent !== 'object') return undefined
  return Object.entries(parent).find(([name]) => name.toLowerCase() === key)?.[1]
}
