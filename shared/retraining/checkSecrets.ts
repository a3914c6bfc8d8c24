import { concurrently } from './concurrently.ts'
import type { Check } from './healthChecks.ts'
import type { ModelKey } from './names.ts'
import type { Page } from './reconcile.ts'
import type { SettingsStore } from './stores.ts'
import { textOf } from './trouble.ts'

/** What looking at the references to keys needs. */
export type CheckSecretsPorts = SettingsStore & {
  listModels(next: string | undefined): Promise<Page<ModelKey>>
  listTrainingServices(next: string | undefined): Promise<Page<string>>
  /** Resolves a reference and throws the value away; throws TerminalError with the reference where it does not resolve. */
  tryReference(reference: string): Promise<void>
  redact(text: string): string
}

const atOnce = 8
const shown = 3

/**
 * Whether the keys behind all training services and behind the first page of customers are there. No value is shown, and no
 * service is asked whether it takes them.
 */
export async function checkSecrets(ports: CheckSecretsPorts): Promise<Check> {
  const references = await collect(ports)
  const failures = await concurrently([...references], atOnce, async ([reference, isService]) => {
    try {
      await ports.tryReference(reference)
      return undefined
    } catch (error) {
      return { isService, text: ports.redact(textOf(error)) }
    }
  })
  const failed = failures.filter((failure) => failure !== undefined)
  if (failed.length === 0) return { name: 'secrets', status: 'ok', value: `${references.size} resolve` }
  const texts = failed.slice(0, shown).map(({ text }) => text)
  return {
    ...{ name: 'secrets', status: failed.some(({ isService }) => isService) ? 'broken' : 'degraded' },
    value: `${failed.length} of ${references.size} do not resolve: ${texts.join('; ')}`,
    remedy: 'store the key under that name, or name another reference in the settings',
  }
}

/** References with whether a training service uses them: that one stops everybody's runs. */
async function collect(ports: CheckSecretsPorts): Promise<Map<string, boolean>> {
  const references = new Map<string, boolean>()
  const models = await ports.listModels(undefined)
  const settings = await concurrently(models.items, atOnce, (key) =>
    ports.readSettings(key).catch(() => undefined),
  )
  for (const each of settings) if (each !== undefined) references.set(each.endpoint.apiKey, false)
  const services = await ports.listTrainingServices(undefined)
  for (const name of services.items) {
    const service = await ports.readTrainingService(name)
    if (service !== undefined) references.set(service.apiKey, true)
  }
  return references
}
