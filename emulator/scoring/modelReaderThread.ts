import { parentPort } from 'node:worker_threads'
import { decodeModel, ModelFileError } from '../engine/index.ts'
import type { ReadAnswer, ReadRequest } from './modelReader.ts'

/** The thread that reads large model files, one after the other. */
parentPort?.on('message', ({ id, file }: ReadRequest) => {
  parentPort?.postMessage(read(id, file))
})

function read(id: number, file: Uint8Array): ReadAnswer {
  try {
    return { id, model: decodeModel(file) }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { id, problem, isModelFileError: error instanceof ModelFileError }
  }
}
