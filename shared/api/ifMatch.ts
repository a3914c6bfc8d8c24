import type { ModelKey } from '../retraining/names.ts'
import type { ModelSettingsStore } from '../retraining/predictiveServices.ts'
import { Problem } from './problem.ts'
import { settingsTag } from './settingsTag.ts'
import { settingsView } from './views/settingsView.ts'

/**
 * The ETag of the row that a write of settings may replace: the one that holds what the caller saw; undefined without
 * `If-Match`, when any may be. Throws Problem 412 where the caller saw others; `*` asks that there are any.
 */
export async function requireMatch(
  ports: Pick<ModelSettingsStore, 'readWritten'>,
  key: ModelKey,
  ifMatch: string | undefined,
): Promise<string | undefined> {
  if (ifMatch === undefined) return undefined
  const written = await ports.readWritten(key)
  const isThere = written !== undefined && written.offboarded === undefined
  if (isThere && (ifMatch === '*' || ifMatch === settingsTag(settingsView(written.settings))))
    return written.etag
  throw settingsChanged(key, isThere ? undefined : 'there are none, and If-Match asks for some')
}

/** 412: somebody else wrote the settings in between. */
export function settingsChanged(
  { customerId, model }: ModelKey,
  reason = 'they were changed since they were read; read them again',
): Problem {
  return new Problem(
    412,
    'settings-changed',
    `Cannot change the settings of ${customerId}/${model}: ${reason}`,
  )
}
