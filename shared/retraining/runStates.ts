/** Where a run stands: the table in ARCHITECTURE.md says what each means and what may follow. */
export const runStates = [
  'queued',
  'submitted',
  'training',
  'trained',
  'awaitingApproval',
  'updating',
  'live',
  'rejected',
  'superseded',
  'failed',
  'cancelled',
] as const
