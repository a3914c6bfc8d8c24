import type { Warrant } from './run.ts'

/**
 * One time that the endpoint began to answer with the run's model; a rollback makes another one. `sequence` counts them over
 * all runs of the model, from 1.
 */
export type Life = {
  sequence: number
  atMs: number
  warrant?: Warrant | undefined
  evidence?: string | undefined
}
