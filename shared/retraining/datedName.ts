/** A drop's name behind `{customerId}/{model}/` that begins with a day: `2026-01-31`, `2026/01/31` or `20260131`. */
const dated = /^([^/]+\/[^/]+\/)(\d{4})([-/]?)(\d\d)\3(\d\d)(?!\d)/

const dayMs = 86_400_000

/** A name's day is the writer's, whose clock and time zone may be another: so many days are not taken for old. */
const leewayMs = 2 * dayMs

/**
 * Where a listing in name order may go on behind `name` when blobs that are dated before `beforeMs` (epoch ms) are not
 * wanted; undefined when `name` is not dated, or not before then. Pure.
 */
export function afterOldDays(name: string, beforeMs: number): string | undefined {
  const [, model, year = '', separator = '', month = '', day = ''] = dated.exec(name) ?? []
  if (model === undefined || beforeMs < leewayMs) return undefined
  const first = new Date(beforeMs - leewayMs).toISOString().slice(0, 10).replaceAll('-', separator)
  return [year, month, day].join(separator) < first ? model + first : undefined
}
