import type { ModelKey } from '../retraining/names.ts'
import type { ModelSettingsStore } from '../retraining/predictiveServices.ts'
import { Problem } from './problem.ts'
import { settingsTag } from './settingsTag.ts'
import { settingsView } from './views/settingsView.ts'

/** What is there now: the ETag of its row, and the tag that its readers get. */
type Present = { etag: string; tag: string }

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
  const present = isThere
    ? { etag: written.etag, tag: settingsTag(settingsView(written.settings)) }
    : undefined
  return matchedRow(nameOf(key), present, ifMatch)
}

/** As {@link requireMatch}, of whatever was read; `name` is for the problem. */
export function matchedRow(name: string, present: Present | undefined, ifMatch: string): string {
  if (present === undefined) throw changedSince(name, 'there are none, and If-Match asks for some')
  if (ifMatch !== '*' && ifMatch !== present.tag) throw changedSince(name)
  return present.etag
}

/** 412: somebody else wrote a model's settings in between. */
export function settingsChanged(key: ModelKey): Problem {
  return changedSince(nameOf(key))
}

/** 412: somebody else wrote the settings of what is named so in between. */
export function changedSince(
  name: string,
  reason = 'they were changed since they were read; read them again',
): Problem {
  return new Problem(412, 'settings-changed', `Cannot change the settings of ${name}: ${reason}`)
}

const nameOf = ({ customerId, model }: ModelKey) => `${customerId}/${model}`
