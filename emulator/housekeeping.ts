import type { Emulator } from './emulator.ts'
import { isExpired } from './jobs/retention.ts'

const everyMs = 60_000

/** Once a minute: forgets jobs past their retention and model files that nothing uses. Answers how to stop. */
export function startHousekeeping(emulator: Emulator, report: (line: string) => void): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = tidyUp(emulator).catch((error: unknown) => report(`Cannot tidy up: ${String(error)}`))
  }, everyMs).unref()
  return () => {
    clearInterval(timer)
    return running
  }
}

/** Removes jobs past their retention, then model files that no endpoint, web service or coming install names. */
export async function tidyUp({ store, clock, models, settings }: Emulator): Promise<void> {
  const nowMs = clock.nowMs()
  const expired = [...store.jobs()].filter((job) => isExpired(job, nowMs, settings.jobRetentionMs))
  await Promise.all(expired.map((job) => store.remove('job', job.id)))
  const used = new Set<string>()
  for (const workspace of store.workspaces()) {
    for (const service of store.webServicesOf(workspace.id)) {
      if (service.model !== undefined) used.add(service.model)
      for (const endpoint of store.endpointsOf(service.id)) {
        for (const resource of endpoint.resources) {
          for (const install of resource.installs) used.add(install.model)
        }
      }
    }
  }
  await models.sweep((model) => used.has(model), Date.now())
}
