import { Worker } from 'node:worker_threads'
import { decodeModel, type Model, ModelFileError } from '../engine/index.ts'

/** Reads model files. A large one is read in a thread of its own: reading takes a second for 9 MB, and any file may come. */
export type ModelReader = {
  /** Throws ModelFileError that says what is wrong with the file. */
  read(file: Uint8Array): Promise<Model>
  close(): Promise<void>
}

/** What the thread is asked and answers. */
export type ReadRequest = { id: number; file: Uint8Array }
export type ReadAnswer = { id: number } & ({ model: Model } | { problem: string; isModelFileError: boolean })

type Waiting = { resolve(model: Model): void; reject(error: Error): void }
type Thread = { worker: Worker; waiting: Map<number, Waiting> }

/** A file up to this size is read at once: that takes less than a thread's way there and back. */
const smallBytes = 200_000

/** The thread is made when first needed, and again should it die. */
export function createModelReader(): ModelReader {
  let thread: Thread | undefined
  let last = 0
  const gone = () => {
    thread = undefined
  }
  return {
    async read(file) {
      if (file.length <= smallBytes) return decodeModel(file)
      thread ??= createThread(gone)
      const { worker, waiting } = thread
      const id = ++last
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, file } satisfies ReadRequest)
      })
    },
    async close() {
      await thread?.worker.terminate()
    },
  }
}

function createThread(gone: () => void): Thread {
  const worker = new Worker(new URL('./modelReaderThread.ts', import.meta.url))
  const waiting = new Map<number, Waiting>()
  const die = (error: Error) => {
    gone()
    for (const [id, one] of [...waiting]) {
      waiting.delete(id)
      one.reject(new Error(`Cannot read the model file: ${error.message}`, { cause: error }))
    }
  }
  worker.on('message', (answer: ReadAnswer) => {
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('model' in answer) one?.resolve(answer.model)
    else one?.reject(answer.isModelFileError ? new ModelFileError(answer.problem) : new Error(answer.problem))
  })
  worker.on('error', die)
  worker.on('exit', (code) => die(new Error(`its thread ended with code ${code}`)))
  return { worker, waiting }
}
