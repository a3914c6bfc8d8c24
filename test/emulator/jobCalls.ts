import { inject } from 'vitest'
import { eventually } from '../setup/eventually.ts'
import type { Target, TestBed } from './harness.ts'
import { call, type Reply } from './wire.ts'

/** Writes a blob of the test bed's container and refers to it by account, as the clients do. */
export async function putBlob(bed: TestBed, name: string, content: string | Uint8Array) {
  await bed.container.getBlockBlobClient(name).uploadData(Buffer.from(content))
  return { ConnectionString: inject('storage'), RelativeLocation: `${bed.container.containerName}/${name}` }
}

/** Submits and starts a job; answers its URL without query. */
export async function startJob(target: Target, body: unknown): Promise<string> {
  const submitted = await call('POST', `${target.api}/jobs?api-version=2.0`, target.key, body)
  if (submitted.status !== 200) throw new Error(submitted.text)
  const job = `${target.api}/jobs/${submitted.json}`
  await call('POST', `${job}/start?api-version=2.0`, target.key)
  return job
}

/** Asks for the job until it has the status. */
export function jobIn(status: string, job: string, target: Target): Promise<Reply> {
  return eventually(async () => {
    const answer = await call('GET', `${job}?api-version=2.0`, target.key)
    if (answer.json.StatusCode !== status) throw new Error(`the job is ${answer.text}`)
    return answer
  })
}

/** A result's URL: its three parts, concatenated as clients do. */
export function resultUrl(result: {
  BaseLocation: string
  RelativeLocation: string
  SasBlobToken: string
}): string {
  return result.BaseLocation + result.RelativeLocation + result.SasBlobToken
}
