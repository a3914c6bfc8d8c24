import { declarationOf } from '../../retraining/declaration.ts'
import type { WrittenSettings } from '../../retraining/settings.ts'

/** A model's settings as PUT takes them; a row from before predictive web services had names has none. Pure. */
export function settingsView(settings: WrittenSettings) {
  const { predictiveService, ...declared } = declarationOf(settings)
  return predictiveService === '' ? declared : { predictiveService, ...declared }
}
