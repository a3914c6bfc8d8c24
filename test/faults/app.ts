import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBundle } from '../../local/parts/bundle.ts'
import { hostSettings } from '../../local/setup/hostSettings.ts'
import { bundleFile } from '../../scripts/build.ts'

/** What both hosts are told of time: said in the report, since they differ from Azure's. */
export const hostTimes = { dequeueLeaseSeconds: 10, lockLeaseSeconds: 5 }

/** The shortest lease of a blob, in seconds: locks are broken (`locks.ts`) where they are to be shorter. */
const shortestLease = '00:00:15'

/** Copies the built app into a folder of its own: a build meanwhile does not change it. Answers the folder. */
export async function copyApp(root: string, folder: string): Promise<string> {
  await ensureBundle(root)
  const target = join(folder, 'app')
  mkdirSync(join(target, 'dist'), { recursive: true })
  copyFileSync(bundleFile, join(target, 'dist', 'main.js'))
  copyFileSync(join(root, 'host.json'), join(target, 'host.json'))
  writeFileSync(join(target, 'package.json'), JSON.stringify({ type: 'module', main: 'dist/main.js' }))
  return target
}

/**
 * The environment of both hosts: one account, one host id, short times. Workers are killed on purpose
 * here, so their number does not end a host.
 */
export function appEnvironment(connectionString: string, secretsFile: string): Record<string, string> {
  return {
    ...hostSettings(connectionString, secretsFile),
    AzureFunctionsWebHost__hostid: 'faults',
    AzureFunctionsJobHost__singleton__listenerLockPeriod: shortestLease,
    AzureFunctionsJobHost__extensions__queues__visibilityTimeout: '00:00:05',
    LOCAL_HOST_DEQUEUE_LEASE_SECONDS: String(hostTimes.dequeueLeaseSeconds),
    LOCAL_HOST_LOCK_RETRY_MS: '500',
    LOCAL_HOST_WORKER_ERROR_LIMIT: '1000',
    POLL_SCHEDULE: '* * * * * *',
    RECONCILE_SCHEDULE: '*/10 * * * * *',
    RETRY_SECONDS: '2',
    SLOT_LEASE_SECONDS: '30',
    POLL_MAX_SECONDS: '2',
    CHECK_DELAY_SECONDS: '1',
    CHECK_DEADLINE_SECONDS: '40',
    CLAIM_SECONDS: '30',
    HTTP_TIMEOUT_SECONDS: '12',
  }
}
