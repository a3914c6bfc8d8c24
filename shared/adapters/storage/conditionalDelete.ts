import { AsyncLocalStorage } from 'node:async_hooks'
import type { TableClient } from '@azure/data-tables'

type Policy = Parameters<TableClient['pipeline']['addPolicy']>[0]

const etagsByRowKey = new AsyncLocalStorage<ReadonlyMap<string, string>>()

/**
 * Why this exists: `submitTransaction` of @azure/data-tables sends every delete with `If-Match: *`, so that a row which
 * somebody else changed would be removed all the same. This policy puts the ETags of {@link withDeleteETags} there.
 */
export const conditionalDelete: Policy = {
  name: 'conditionalDelete',
  sendRequest(request, next) {
    const etags = etagsByRowKey.getStore()
    if (etags !== undefined && typeof request.body === 'string') {
      request.body = putDeleteETags(request.body, etags)
      request.headers.set('content-length', String(Buffer.byteLength(request.body)))
    }
    return next(request)
  },
}

/** Submits a transaction whose deletes hold only while the rows have these ETags, by row key. */
export function withDeleteETags<Answer>(
  etags: ReadonlyMap<string, string>,
  submit: () => Promise<Answer>,
): Promise<Answer> {
  return etagsByRowKey.run(etags, submit)
}

/** The `$batch` body with the ETag of each deleted row as `If-Match`. Throws if one did not find its place. */
export function putDeleteETags(body: string, etags: ReadonlyMap<string, string>): string {
  let placed = 0
  const changed = body.replace(
    /(DELETE [^\r\n]*RowKey='([^\r\n]*)'\) HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*?if-match: )\*/gi,
    (_all, before: string, encodedKey: string) => {
      const etag = etags.get(decodeURIComponent(encodedKey).replaceAll("''", "'"))
      if (etag !== undefined) placed += 1
      return `${before}${etag ?? '*'}`
    },
  )
  if (placed !== etags.size) throw new Error('Cannot remove rows in a transaction: an ETag found no place')
  return changed
}
