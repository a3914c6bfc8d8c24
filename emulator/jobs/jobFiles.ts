import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Definition, outputPorts } from '../definitions/definition.ts'
import { binaryReason } from '../engine/index.ts'
import type { Job } from '../state/records.ts'
import type { BlobReference } from '../storage/blobReference.ts'
import type { Blobs } from '../storage/blobs.ts'

/** A job's folder: the copies of its inputs, taken at start, and its outputs until they are uploaded. */
export type JobFiles = {
  /** By port. */
  inputFiles(job: Job): Record<string, string>
  outputFiles(job: Job, definition: Definition): Record<string, string>
  /** Copies the inputs, which are text; when it resolves the copies are on the disk. */
  copyInputs(job: Job, limits: { maxBytes: number; signal: AbortSignal }): Promise<void>
  uploadOutputs(job: Job, definition: Definition, signal: AbortSignal): Promise<void>
  remove(jobId: string): Promise<void>
}

/** The jobs' folders under `folder`. */
export function createJobFiles(folder: string, blobs: Blobs): JobFiles {
  const path = (job: Job, name: string) => join(folder, job.id, name)
  const inputFiles = (job: Job) => numbered(job.inputLocations, (name) => path(job, `input${name}`))
  const outputFiles = (job: Job, definition: Definition) => {
    const ports = Object.keys(outputPorts(definition))
    const locations = ports.map((port) => [port, job.outputs[port]?.relativeLocation ?? ''] as const)
    return numbered(Object.fromEntries(locations), (name) => path(job, `output${name}`))
  }
  return {
    inputFiles,
    outputFiles,
    async copyInputs(job, limits) {
      await mkdir(join(folder, job.id), { recursive: true })
      for (const [port, file] of Object.entries(inputFiles(job))) {
        const reference = job.inputs?.[port]
        if (reference === undefined) continue
        await blobs.download(reference, `${file}.new`, { ...limits, refuse: binaryReason })
        await sync(`${file}.new`)
        await rename(`${file}.new`, file)
      }
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

/** Files by port, each named by its number and its blob's extension. */
function numbered(locations: Record<string, string>, file: (name: string) => string): Record<string, string> {
  const files = Object.entries(locations).map(([port, location], at) => [
    port,
    file(`${at + 1}${extensionOf(location)}`),
  ])
  return Object.fromEntries(files)
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
