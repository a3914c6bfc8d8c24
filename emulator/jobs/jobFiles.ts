import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Definition, outputPorts } from '../definitions/definition.ts'
import type { Job } from '../state/records.ts'
import type { BlobReference } from '../storage/blobReference.ts'
import type { Blobs } from '../storage/blobs.ts'

/** A job's folder: the copy of its input, taken at start, and its outputs until they are uploaded. */
export type JobFiles = {
  inputFile(job: Job): string
  outputFiles(job: Job, definition: Definition): Record<string, string>
  /** Copies the input; when it resolves the copy is on the disk. */
  copyInput(job: Job, limits: { maxBytes: number; signal: AbortSignal }): Promise<void>
  uploadOutputs(job: Job, definition: Definition, signal: AbortSignal): Promise<void>
  remove(jobId: string): Promise<void>
}

/** The jobs' folders under `folder`. */
export function createJobFiles(folder: string, blobs: Blobs): JobFiles {
  const path = (job: Job, name: string) => join(folder, job.id, name)
  const inputFile = (job: Job) => path(job, `input${job.inputExtension}`)
  const outputFiles = (job: Job, definition: Definition) =>
    Object.fromEntries(
      Object.keys(outputPorts(definition)).map((port, at) => [
        port,
        path(job, `output${at + 1}${extensionOf(job.outputs[port]?.relativeLocation ?? '')}`),
      ]),
    )
  return {
    inputFile,
    outputFiles,
    async copyInput(job, limits) {
      const [reference] = Object.values(job.inputs ?? {})
      if (reference === undefined) return
      await mkdir(join(folder, job.id), { recursive: true })
      const temporary = path(job, 'input.new')
      await blobs.download(reference, temporary, limits)
      await sync(temporary)
      await rename(temporary, inputFile(job))
    },
    async uploadOutputs(job, definition, signal) {
      const files = outputFiles(job, definition)
      for (const [port, file] of Object.entries(files)) {
        const reference: BlobReference | undefined = job.outputs[port]
        if (reference !== undefined) await blobs.upload(reference, file, { signal })
      }
    },
    remove: (jobId) => rm(join(folder, jobId), { recursive: true, force: true }),
  }
}

/** The extension of a blob's name, in lower case with its dot; '' when there is none. */
export function extensionOf(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1)
  const dot = last.lastIndexOf('.')
  return dot === -1 ? '' : last.slice(dot).toLowerCase()
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.sync()
  await handle.close()
}
