import type { RunKey } from './names.ts'

/** A run's key, and what retention has done to it. */
export type RetainedRun = RunKey & {
  /** Blobs that outlived their time and are being removed; a tick that ended in between goes on with them. */
  removing?: { sets: readonly string[]; models: readonly string[] } | undefined
  /** Nothing of what it was trained on is left. */
  trainingSetGone?: boolean | undefined
}
