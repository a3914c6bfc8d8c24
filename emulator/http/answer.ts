/** What a handler answers. Without `contentType` a body is JSON. */
export type Answer = {
  status: number
  body?: string
  contentType?: string
  /** Further headers. */
  headers?: Readonly<Record<string, string>>
}

/** 200 with no body: what start, delete and PATCH answer (contract section 10). */
export const ok: Answer = { status: 200 }

/** An answer with `value` as JSON. */
export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value) }
}
