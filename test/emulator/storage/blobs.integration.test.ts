import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { binaryReason } from '../../../emulator/engine/index.ts'
import { BlobRefused, createBlobs } from '../../../emulator/storage/blobs.ts'
import { eventually } from '../../setup/eventually.ts'
import { startTestBed, type TestBed } from '../harness.ts'
import { jobIn, putBlob, startJob } from '../jobCalls.ts'

const blobs = createBlobs(inject('storage'))
const gibibyte = 1024 ** 3

let folder: string
let bed: TestBed
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'blobs-'))
  bed = await startTestBed({ maxInputBytes: 1_000 })
})
afterAll(async () => {
  await bed.remove()
  rmSync(folder, { recursive: true })
})

/** A storage that answers as told and keeps the answer open; `isGivenUp` says whether the reader went away. */
async function startStorage(answer: (response: ServerResponse) => void) {
  const seen = { isGivenUp: false }
  const server = createServer((_request, response) => {
    response.on('close', () => {
      seen.isGivenUp = !response.writableFinished
    })
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const reference = {
    kind: 'sas',
    baseLocation: `http://127.0.0.1:${port}/`,
    relativeLocation: 'c/in.csv',
    sasBlobToken: '',
  } as const
  return { reference, seen }
}

test('a blob whose Content-Length is too large is not read', async () => {
  const { reference, seen } = await startStorage((response) => {
    response.writeHead(200, { 'Content-Length': gibibyte + 1 }).write('a,b\n')
  })
  const file = join(folder, 'large.csv')
  const refused = blobs.download(reference, file, { maxBytes: gibibyte })
  await expect(refused).rejects.toThrow(BlobRefused)
  await expect(refused).rejects.toThrow('it has 1073741825 bytes, 1073741824 at most are taken')
  expect(existsSync(file)).toBe(false)
  await eventually(() => expect(seen.isGivenUp).toBe(true))
})

test('a blob of unknown length is read up to the limit', async () => {
  const { reference, seen } = await startStorage((response) => {
    response.writeHead(200)
    response.write('x'.repeat(2_000))
  })
  const refused = blobs.download(reference, join(folder, 'chunked.csv'), { maxBytes: 1_999 })
  await expect(refused).rejects.toThrow('it is larger than the 1999 bytes that are taken')
  await eventually(() => expect(seen.isGivenUp).toBe(true))
})

test('a blob that is no text is refused at its first bytes', async () => {
  const { reference, seen } = await startStorage((response) => {
    response.writeHead(200, { 'Content-Length': gibibyte }).write(Uint8Array.of(97, 10, 0, 7))
  })
  const refused = blobs.download(reference, join(folder, 'binary.csv'), {
    maxBytes: gibibyte,
    refuse: binaryReason,
  })
  await expect(refused).rejects.toThrow('it is not CSV text: line 2 has a NUL byte')
  await eventually(() => expect(seen.isGivenUp).toBe(true))
})

test('a blob of just the largest size is taken', async () => {
  const { reference } = await startStorage((response) => response.end('a,b\n1,2\n'))
  const file = join(folder, 'small.csv')
  await blobs.download(reference, file, { maxBytes: 8, refuse: binaryReason })
  expect(readFileSync(file, 'utf8')).toBe('a,b\n1,2\n')
})

const jobs: [what: string, content: Uint8Array, message: string][] = [
  ['too large', Buffer.from('x'.repeat(1_001)), 'it has 1001 bytes, 1000 at most are taken'],
  [
    'a ZIP archive',
    Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0),
    'it is not CSV but a ZIP archive or an Excel workbook',
  ],
]
test.each(jobs)(
  'a job whose input is %s fails of its data, and says why',
  async (_what, content, message) => {
    const fruit = bed.target('Fruit')
    const job = await startJob(fruit, { Input: await putBlob(bed, 'in.csv', content) })
    const { Details } = (await jobIn('Failed', job, fruit)).json
    expect(Details).toContain(
      `"Message":"Error 1000: AFx Library library exception: Cannot read input: ${message}"`,
    )
  },
)
