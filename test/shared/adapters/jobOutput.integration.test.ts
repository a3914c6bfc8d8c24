import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createHttpClient } from '../../../shared/adapters/http/httpClient.ts'
import { createOutputReader } from '../../../shared/adapters/jobOutput.ts'
import { createAzureBlobs } from '../../../shared/adapters/storage/azureBlob.ts'
import { createUrlGuard } from '../../../shared/adapters/urlGuard.ts'
import type { BlobStore } from '../../../shared/lib/blobStore.ts'
import { RetryableError, TerminalError } from '../../../shared/retraining/errors.ts'

const guard = createUrlGuard({ allowedHosts: ['.blob.core.windows.net'], developmentLoopback: true })
const settings = { connectSeconds: 60, headersSeconds: 60, bodySeconds: 60, maxAnswerBytes: 10_000 }
const http = createHttpClient(settings, guard)
const openOutput = createOutputReader({ http, guard })
const name = 'experimentoutput/a b/model ü.ilearner'
let blobs: BlobStore

beforeAll(async () => {
  blobs = createAzureBlobs(inject('storage'), `o-${randomUUID()}`)
  await blobs.create()
  await blobs.put(name, new Uint8Array(3_000_000).fill(7), 'application/octet-stream')
})
afterAll(() => http.close())

test('an output is read by its SAS, as a stream', async () => {
  let sizeBytes = 0
  for await (const chunk of await openOutput(await blobs.readOnlyReference(name, 0, Date.now() + 60_000))) {
    sizeBytes += chunk.byteLength
  }
  expect(sizeBytes).toBe(3_000_000)
})

test('a reader that stops early leaves the client usable', async () => {
  const reference = await blobs.readOnlyReference(name, 0, Date.now() + 60_000)
  for await (const chunk of await openOutput(reference)) {
    expect(chunk[0]).toBe(7)
    break
  }
  expect(await openOutput(reference)).toBeDefined()
})

test('an expired SAS may be tried again, with a fresh one; the error holds no token', async () => {
  const error = await openOutput(await blobs.readOnlyReference(name, 0, 1)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RetryableError)
  expect((error as Error).message).toMatch(
    /^Cannot read the job output o-\S+ilearner: 403 AuthorizationFailure$|^.*: 403 \w+$/,
  )
  expect((error as Error).message).not.toContain('sig=')
})

test('an output that is not there is final', async () => {
  const reference = await blobs.readOnlyReference('none', 0, Date.now() + 60_000)
  await expect(openOutput(reference)).rejects.toThrow(TerminalError)
  await expect(openOutput(reference)).rejects.toThrow(/none: 404/)
})

test('an output that trickles for longer than it may is given up, to be tried again', async () => {
  const server = createServer((_request, response) => {
    const timer = setInterval(() => response.write('a'), 10)
    response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseLocation = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const open = createOutputReader({ http, guard, outputSeconds: 0.3 })
  const read = async () => {
    for await (const chunk of await open({ baseLocation, relativeLocation: 'm', sasBlobToken: '' })) {
      expect(chunk.byteLength).toBeGreaterThan(0)
    }
  }
  await expect(read()).rejects.toThrow(RetryableError)
  await expect(read()).rejects.toThrow('Cannot reach the service: no answer in time')
  server.close()
})

const elsewhere: [when: string, baseLocation: string][] = [
  ['another host', 'https://evil.example/'],
  ['the metadata address', 'https://169.254.169.254/'],
  ['plain http', 'http://acct.blob.core.windows.net/'],
]
test.each(elsewhere)('a location at %s is refused before anything is sent', async (_when, baseLocation) => {
  const from = { baseLocation, relativeLocation: 'c/m.ilearner', sasBlobToken: '?sig=geheim' }
  await expect(openOutput(from)).rejects.toThrow(/^Cannot use the location of a job output at [\w.]+: [^?]*$/)
})
