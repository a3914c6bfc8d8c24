import { Worker } from 'node:worker_threads'
import { type Task, TaskFailed, type WorkerMessage } from './task.ts'

/** Runs tasks in worker threads, first come first served. */
export type WorkerPool = {
  /** Resolves to the rows it used; rejects with {@link TaskFailed}, or with the signal's reason when called off: then the thread is really stopped. */
  run(task: Task, options: RunOptions): Promise<{ rows: number }>
  /** Tasks that wait or run. */
  load(): number
  close(): Promise<void>
}

export type RunOptions = {
  signal: AbortSignal
  onProgress?(progress: number): void
}

type Entry = {
  task: Task
  options: RunOptions
  resolve(result: { rows: number }): void
  reject(reason: unknown): void
}

/** A worker thread with a listener for what the task at hand hears. */
type Thread = { worker: Worker; hear: ((event: ThreadEvent) => void) | undefined }
type ThreadEvent = WorkerMessage | { kind: 'died'; error: Error }

type Pool = { size: number; waiting: Entry[]; idle: Thread[]; busy: Set<Thread> }

/** A pool of `size` threads, made when first needed and used again. */
export function createWorkerPool(size: number): WorkerPool {
  const pool: Pool = { size, waiting: [], idle: [], busy: new Set() }
  return {
    load: () => pool.waiting.length + pool.busy.size,
    run: (task, options) =>
      new Promise((resolve, reject) => {
        options.signal.throwIfAborted()
        const entry = { task, options, resolve, reject }
        pool.waiting.push(entry)
        options.signal.addEventListener('abort', () => leaveQueue(pool.waiting, entry), { once: true })
        startNext(pool)
      }),
    async close() {
      const closing = new Error('Cannot run task: the emulator is closing')
      for (const entry of pool.waiting.splice(0)) entry.reject(closing)
      await Promise.all([...pool.idle, ...pool.busy].map((thread) => thread.worker.terminate()))
    },
  }
}

function startNext(pool: Pool): void {
  if (pool.busy.size >= pool.size) return
  const entry = pool.waiting.shift()
  if (entry === undefined) return
  const thread = pool.idle.pop() ?? createThread(pool)
  pool.busy.add(thread)
  work(thread, entry, (reusable) => {
    pool.busy.delete(thread)
    if (reusable) pool.idle.push(thread)
    startNext(pool)
  })
}

function createThread(pool: Pool): Thread {
  const worker = new Worker(new URL('./worker.ts', import.meta.url))
  const thread: Thread = { worker, hear: undefined }
  const died = (error: Error) => {
    pool.idle = pool.idle.filter((other) => other !== thread)
    thread.hear?.({ kind: 'died', error })
  }
  worker.on('message', (message: WorkerMessage) => thread.hear?.(message))
  worker.on('error', died)
  worker.on('exit', (code) => died(new Error(`the worker thread ended with code ${code}`)))
  return thread
}

function leaveQueue(waiting: Entry[], entry: Entry): void {
  const place = waiting.indexOf(entry)
  if (place === -1) return
  waiting.splice(place, 1)
  entry.reject(entry.options.signal.reason)
}

/** Runs one task on a thread; calls `free` once, telling whether the thread can be used again. */
function work(thread: Thread, entry: Entry, free: (reusable: boolean) => void): void {
  const { options } = entry
  const finish = (reusable: boolean, settle: () => void) => {
    thread.hear = undefined
    options.signal.removeEventListener('abort', stop)
    settle()
    free(reusable)
  }
  const stop = () => {
    finish(false, () => entry.reject(options.signal.reason))
    void thread.worker.terminate()
  }
  thread.hear = (event) => {
    if (event.kind === 'progress') options.onProgress?.(event.progress)
    else if (event.kind === 'done') finish(true, () => entry.resolve({ rows: event.rows }))
    else if (event.kind === 'failed') finish(true, () => entry.reject(new TaskFailed(event.failure)))
    else finish(false, () => entry.reject(deathOf(event.error)))
  }
  options.signal.addEventListener('abort', stop, { once: true })
  thread.worker.postMessage(entry.task)
}

function deathOf(error: Error & { code?: string }): TaskFailed {
  const kind = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'internal'
  return new TaskFailed({ kind, message: error.message })
}
