import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { checkFile, checkNames } from '../../cli/drop/checkFile.ts'
import { blockBytesOf, type Upload, uploadFile } from '../../cli/drop/uploadFile.ts'
import { createAzureBlobs } from '../../shared/adapters/storage/azureBlob.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'retrain-upload-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const blobs = createAzureBlobs(inject('storage'), 'cli-upload')
const minuteMs = 60_000

/** A write-only URL of a blob for so many minutes from now on. */
async function offer(name: string, minutes: number): Promise<Upload> {
  await blobs.create()
  const nowMs = Date.now()
  const expiresAtMs = nowMs + minutes * minuteMs
  const reference = await blobs.writeOnlyReference(name, nowMs - 5 * minuteMs, expiresAtMs)
  const { baseLocation, relativeLocation, sasBlobToken } = reference
  const url = `${baseLocation}${relativeLocation}${sasBlobToken}`
  return { name, url, expiresAt: new Date(expiresAtMs).toISOString() }
}

/** A file of so many bytes. */
function fileOf(name: string, sizeBytes: number) {
  const path = join(folder, name)
  writeFileSync(path, Buffer.alloc(sizeBytes, 'a,b\n1,2\n'))
  return checkFile(path)
}

const neverRenewed = async () => Promise.reject(new Error('renewed'))
const signal = new AbortController().signal

test('a file goes up in blocks, counted; a URL that is about to end is replaced', async () => {
  const file = fileOf('large.csv', 9 * 1024 * 1024)
  const renewed: string[] = []
  let sentBytes = 0
  const ports = {
    renew: (name: string) => {
      renewed.push(name)
      return offer(name, 15)
    },
    sent: (bytes: number) => {
      sentBytes += bytes
    },
    now: Date.now,
    signal,
  }
  await uploadFile(ports, file, await offer('c/m/large.csv', 1))
  expect([renewed, sentBytes]).toEqual([['c/m/large.csv'], file.sizeBytes])
  const facts = await blobs.facts('c/m/large.csv')
  const bytes = await blobs.read('c/m/large.csv', file.sizeBytes)
  expect(facts?.sizeBytes).toBe(file.sizeBytes)
  const hashes = [bytes ?? '', Buffer.alloc(file.sizeBytes, 'a,b\n1,2\n')].map((content) =>
    createHash('sha256').update(content).digest('hex'),
  )
  expect(hashes[0]).toBe(hashes[1])
})

test('a blob that is there already is not overwritten, and no SAS is told', async () => {
  const file = fileOf('small.csv', 8)
  const ports = { renew: neverRenewed, sent: () => {}, now: Date.now, signal }
  const upload = await offer('c/m/small.csv', 15)
  await uploadFile(ports, file, upload)
  const failed = await uploadFile(ports, file, upload).catch((error: Error) => error.message)
  expect(failed).toMatch(/^Cannot upload \S+small\.csv: storage answered 409/)
  expect(failed).not.toContain('sig=')
})

test('blocks are small, and large enough that 50,000 of them hold any file', () => {
  expect([blockBytesOf(1), blockBytesOf(1024 ** 4)]).toEqual([4 * 1024 * 1024, Math.ceil(1024 ** 4 / 50_000)])
})

test('a missing, an empty file and a folder are refused in one line', () => {
  writeFileSync(join(folder, 'empty.csv'), '')
  expect(() => checkFile(join(folder, 'none.csv'))).toThrow('there is no such file')
  expect(() => checkFile(join(folder, 'empty.csv'))).toThrow('it is empty')
  expect(() => checkFile(folder)).toThrow('it is no file')
})

const names: [customer: string, model: string, name: string, line: string][] = [
  ['Bad Name', 'm', 'x.csv', 'Cannot drop: customer Bad Name is no id'],
  ['c', '../b', 'x.csv', 'Cannot drop: model ../b is no id'],
  ['c', 'm', 'x.txt', 'Cannot drop c/m/x.txt: the name does not end in .csv'],
]
test.each(names)('names that can’t be are refused: %s %s %s', (customer, model, name, line) => {
  expect(() => checkNames(customer, model, name)).toThrow(line)
})
