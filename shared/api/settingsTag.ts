import { createHash } from 'node:crypto'

/**
 * The ETag of a settings resource: the same for the same settings, in whatever order their fields are. What GET gives out
 * with it is what PUT compares with `If-Match`. Pure.
 */
export function settingsTag(settings: object): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(settings)))
    .digest('base64url')
    .slice(0, 22)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(
    fields
      .map(([name, field]) => [name, sorted(field)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}
