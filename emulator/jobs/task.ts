import type { Definition } from '../definitions/definition.ts'

/** What a worker thread is given: a definition, the files to read and write, by absolute path. */
export type Task = {
  definition: Definition
  /** By input port: a CSV, or TSV by its name. */
  inputFiles: Record<string, string>
  /** By output port. */
  outputFiles: Record<string, string>
  /** The model to score with; predictive services only. */
  modelFile?: string
  parameters: Record<string, string | number>
  /** Rows x columns that the training data may have. */
  maxCells: number
}

/** Why a task failed: `data` is the customer's fault and final, `memory` a limit, `internal` the emulator's fault. */
export type TaskFailure = { kind: 'data' | 'memory' | 'internal'; message: string }

/** What a worker thread says. `progress` runs from 0 to 1. */
export type WorkerMessage =
  | { kind: 'progress'; progress: number }
  | { kind: 'done'; rows: number }
  | { kind: 'failed'; failure: TaskFailure }

/** A task's failure as an exception. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed'
  readonly failure: TaskFailure

  constructor(failure: TaskFailure) {
    super(failure.message)
    this.failure = failure
  }
}
