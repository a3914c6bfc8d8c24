import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { MemoryExhaustedError, TrainingDataError } from '../engine/index.ts'
import { perform } from './perform.ts'
import type { Task, TaskFailure, WorkerMessage } from './task.ts'

// On Linux this is about the calling thread only: answering goes before training where they share a core.
if (process.platform === 'linux') setPriority(10)

/** The worker thread: one task after the other, each to its end. It is stopped by ending the thread. */
parentPort?.on('message', (task: Task) => {
  let reported = 0
  const onProgress = (progress: number) => {
    if (progress < reported + 0.01 && progress < 1) return
    reported = progress
    post({ kind: 'progress', progress })
  }
  try {
    post({ kind: 'done', rows: perform(task, onProgress) })
  } catch (error) {
    post({ kind: 'failed', failure: failureOf(error) })
  }
})

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message)
}

function failureOf(error: unknown): TaskFailure {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof MemoryExhaustedError) return { kind: 'memory', message }
  if (error instanceof TrainingDataError) return { kind: 'data', message }
  return { kind: 'internal', message }
}
