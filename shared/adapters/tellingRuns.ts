import type { ModelKey } from '../retraining/names.ts'
import type { Log, RunStore } from '../retraining/stores.ts'
import type { WebhookStore } from '../retraining/webhookStore.ts'

/** What asking for the telling needs. */
export type TellingOptions = Pick<WebhookStore, 'sendWebhookMessage'> & { log: Log }

/**
 * Commits that note something to tell are followed by the message that has it told. The message is a hint: where it can't be
 * sent the commit stands, and reconcile asks again.
 */
export function createTellingRuns<Runs extends Pick<RunStore, 'commit'>>(
  runs: Runs,
  options: TellingOptions,
): Runs {
  return {
    ...runs,
    async commit(key: ModelKey, changes: Parameters<RunStore['commit']>[1]) {
      const outcome = await runs.commit(key, changes)
      const untold = changes.head?.value.untold ?? []
      const isNew = changes.runs?.some(({ value: run }) =>
        untold.some(({ generation, atMs }) => generation === run.generation && atMs === run.updatedAtMs),
      )
      if (outcome === 'committed' && isNew === true) await ask(options, key)
      return outcome
    },
  }
}

async function ask({ sendWebhookMessage, log }: TellingOptions, key: ModelKey): Promise<void> {
  const { customerId, model } = key
  try {
    await sendWebhookMessage({ v: 1, kind: 'tell', customerId, model }, 0)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    log.warn({ customerId, model }, `told later: ${text}`)
  }
}
