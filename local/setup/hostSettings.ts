/** The app's settings on this machine: things happen within seconds instead of minutes. Source: shared/config.ts. */
const appSettings = {
  POLL_SCHEDULE: '*/2 * * * * *',
  RECONCILE_SCHEDULE: '*/10 * * * * *',
  SCHEDULES_SCHEDULE: '*/5 * * * * *',
  RETENTION_SCHEDULE: '0 */10 * * * *',
  POLL_FIRST_SECONDS: '1',
  POLL_MAX_SECONDS: '5',
  CHECK_DELAY_SECONDS: '2',
  CHECK_DEADLINE_SECONDS: '120',
  DEVELOPMENT_LOOPBACK: 'true',
}

/**
 * The host's: new blobs and messages are seen within a second, and what a killed host had locked or received is free again
 * within half a minute (600 and 60 seconds in Azure). Source: local/host/settings/tuning.ts, host.json.
 */
const hostTuning = {
  LOCAL_HOST_BLOB_SCAN_MS: '500',
  LOCAL_HOST_LOCK_RETRY_MS: '2000',
  LOCAL_HOST_DEQUEUE_LEASE_SECONDS: '30',
  AzureFunctionsJobHost__singleton__listenerLockPeriod: '00:00:15',
  AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:01',
}

/** The environment of the Functions host: where its storage and the secrets are, and the settings above. */
export function hostSettings(connectionString: string, secretsFile: string): Record<string, string> {
  return {
    ...appSettings,
    ...hostTuning,
    AzureWebJobsStorage: connectionString,
    RETRAIN_STORAGE: connectionString,
    FUNCTIONS_WORKER_RUNTIME: 'node',
    SECRETS_FILE: secretsFile,
  }
}
