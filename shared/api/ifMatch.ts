import type { ModelKey } from '../retraining/names.ts'
import type { ModelSettingsStore } from '../retraining/predictiveServices.ts'
import { Problem } from './problem.ts'
import { settingsTag } from './settingsTag.ts'
import { settingsView } from './views/settingsView.ts'

/**
 * Holds a write up whose caller saw other settings than those that are there now: throws Problem 412. Without `If-Match`
 * nothing is compared; `*` asks that there are any.
 */
export async function requireMatch(
  ports: Pick<ModelSettingsStore, 'readWritten'>,
  key: ModelKey,
  ifMatch: string | undefined,
): Promise<void> {
  if (ifMatch === undefined) return
  const written = await ports.readWritten(key)
  const isThere = written !== undefined && written.offboarded === undefined
  if (isThere && (ifMatch === '*' || ifMatch === settingsTag(settingsView(written.settings)))) return
  const name = `${key.customerId}/${key.model}`
  const reason = isThere
    ? 'they were changed since they were read; read them again'
    : 'there are none, and If-Match asks for some'
  throw new Problem(412, 'settings-changed', `Cannot change the settings of ${name}: ${reason}`)
}
