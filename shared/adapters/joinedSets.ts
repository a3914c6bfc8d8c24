import type { BlobStore } from '../lib/blobStore.ts'
import type { BlameDropPorts } from '../retraining/blameDrop.ts'
import { RetryableError } from '../retraining/errors.ts'
import { type ModelKey, modelPath, paddedGeneration, type RunKey } from '../retraining/names.ts'
import type { Columns, Joined, PlanAppendPorts } from '../retraining/planAppend.ts'
import { formatRecord, LongRecord, parseRecord, readRecords } from './csvRecords.ts'
import { hash } from './keys.ts'
import { assertOwnBlob } from './ownBlob.ts'

/** Joined training sets in `training-sets`, made of its own copies as streams, in constant memory. */
export type JoinedSets = Pick<PlanAppendPorts, 'readColumns' | 'joinSet'> & Pick<BlameDropPorts, 'countLines'>

const chunkCharacters = 256 * 1024

/** `maxBytes`: a joined set that grows larger is refused. */
export function createJoinedSets(trainingSets: BlobStore, maxBytes: number): JoinedSets {
  return {
    readColumns: (key, copy) => readColumns(trainingSets, key, copy),
    async countLines(key, copy) {
      assertOwnBlob(key, copy)
      let lines = -1
      for await (const record of readRecords(await open(trainingSets, copy)))
        lines += record.split('\n').length
      return Math.max(0, lines)
    },
    async joinSet(key: RunKey, sources): Promise<Joined> {
      for (const source of sources) assertOwnBlob(key, source)
      const id = hash(sources.join('\n')).slice(0, 32)
      const name = `${modelPath(key)}/sets/${paddedGeneration(key.generation)}-${id}.csv`
      const there = await trainingSets.facts(name)
      if (there !== undefined) return { kind: 'joined', input: { name, sizeBytes: there.sizeBytes } }
      try {
        await trainingSets.createOnly(name, joined(trainingSets, sources, maxBytes), 'text/csv')
      } catch (error) {
        if (error instanceof UnfitSource)
          return { kind: 'unfit', source: error.source, reason: error.message }
        throw error
      }
      const made = await trainingSets.facts(name)
      if (made === undefined) throw new RetryableError(`Cannot join the set ${name}: it is missing`)
      return { kind: 'joined', input: { name, sizeBytes: made.sizeBytes } }
    },
  }
}

async function readColumns(trainingSets: BlobStore, key: ModelKey, copy: string): Promise<Columns> {
  assertOwnBlob(key, copy)
  try {
    for await (const record of readRecords(await open(trainingSets, copy)))
      return { kind: 'columns', names: parseRecord(record) }
  } catch (error) {
    if (error instanceof LongRecord) return { kind: 'unfit', reason: error.message }
    throw error
  }
  return { kind: 'unfit', reason: 'it has no header line' }
}

/** Where joining came to an end: nothing is written then. */
class UnfitSource extends Error {
  override readonly name = 'UnfitSource'
  readonly source: string

  constructor(source: string, reason: string) {
    super(reason)
    this.source = source
  }
}

async function open(trainingSets: BlobStore, name: string): Promise<AsyncIterable<Uint8Array>> {
  const found = await trainingSets.stream(name)
  if (found.kind !== 'found') throw new RetryableError(`Cannot read the copy ${name}: it is missing`)
  return found.content
}

/** All records under the first source's header, in chunks. */
async function* joined(
  trainingSets: BlobStore,
  sources: readonly string[],
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  let bytes = 0
  for await (const { record, source } of recordsOf(trainingSets, sources)) {
    text += `${record}\n`
    if (text.length < chunkCharacters) continue
    const chunk = encoder.encode(text)
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new UnfitSource(source, `with it the set has more than ${maxBytes} bytes`)
    yield chunk
    text = ''
  }
  yield encoder.encode(text)
}

type Sourced = { record: string; source: string }

async function* recordsOf(trainingSets: BlobStore, sources: readonly string[]): AsyncGenerator<Sourced> {
  let columns: string[] | undefined
  for (const source of sources) {
    let order: number[] | undefined
    let isHeader = true
    for await (const record of sourceRecords(trainingSets, source)) {
      if (isHeader) {
        isHeader = false
        const own = parseRecord(record)
        if (columns === undefined) yield { record: formatRecord(own), source }
        columns ??= own
        order = orderOf(columns, own)
      } else yield { record: order === undefined ? record : reordered(record, order), source }
    }
  }
}

async function* sourceRecords(trainingSets: BlobStore, source: string): AsyncGenerator<string> {
  try {
    yield* readRecords(await open(trainingSets, source))
  } catch (error) {
    throw error instanceof LongRecord ? new UnfitSource(source, error.message) : error
  }
}

/** Where each column of the set is in this file; undefined when the order is the same. */
function orderOf(columns: readonly string[], own: readonly string[]): number[] | undefined {
  const order = columns.map((name) => own.indexOf(name))
  return order.every((at, index) => at === index) ? undefined : order
}

function reordered(record: string, order: readonly number[]): string {
  const fields = parseRecord(record)
  return formatRecord(order.map((at) => fields[at] ?? ''))
}
