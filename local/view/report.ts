import { type EndpointResult, renderTable, type TableRow } from './table.ts'

/** The last line of `npm start -- --json`. */
export type RoundJson = {
  ok: boolean
  urls: { functions: string; emulator: string; storage: string }
  endpoints: EndpointResult[]
}

/** The public result: `ok` only if every endpoint is live with its new model. Pure. */
export function toJson(urls: RoundJson['urls'], rows: readonly TableRow[]): RoundJson {
  const endpoints = rows.map(({ heldOut, heldOutPositives, reason, ...endpoint }) => endpoint)
  return { ok: rows.length > 0 && rows.every((row) => row.state === 'live'), urls, endpoints }
}

/** The table with a blank line around it. Pure. */
export function renderReport(rows: readonly TableRow[]): string[] {
  return ['', ...renderTable(rows), '']
}
