/**
 * The app's settings on this machine: everything happens within seconds instead of minutes. Names and meaning:
 * shared/config.ts.
 */
export function hostSettings(connectionString: string, secretsFile: string): Record<string, string> {
  return {
    AzureWebJobsStorage: connectionString,
    RETRAIN_STORAGE: connectionString,
    FUNCTIONS_WORKER_RUNTIME: 'node',
    POLL_SCHEDULE: '*/2 * * * * *',
    RECONCILE_SCHEDULE: '*/15 * * * * *',
    POLL_FIRST_SECONDS: '1',
    POLL_MAX_SECONDS: '5',
    CHECK_DELAY_SECONDS: '2',
    SECRETS_FILE: secretsFile,
    DEVELOPMENT_LOOPBACK: 'true',
  }
}
