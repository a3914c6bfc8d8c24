import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { BlobStore } from '../lib/blobStore.ts'
import { createSeededRandom } from '../lib/seededRandom.ts'
import type { HoldoutFiles } from '../retraining/keepHoldout.ts'
import { modelPath, paddedGeneration, type RunKey } from '../retraining/names.ts'
import type { Scores } from '../retraining/scores.ts'
import type { ScoringRow } from '../retraining/services.ts'
import type { HoldoutStore } from '../retraining/stores.ts'
import { LongRecord, parseRecord, readRecords } from './csvRecords.ts'

const mostScoreBytes = 4 * 1024 * 1024
const mostSampleCharacters = 16 * 1024 * 1024
const longestRecord = 64 * 1024
const pieceBytes = 64 * 1024
const seed = 20_060_102

const scores: z.ZodType<Scores> = z.object({
  v: z.literal(1),
  etag: z.string(),
  attempt: z.int(),
  live: z.int().optional(),
  candidate: z.array(z.number()),
  champion: z.array(z.number()),
})

/**
 * Rows held out for comparing models: container `holdouts`, `{customerId}/{model}/{name}.csv`, read in constant memory. The
 * scores so far lie beside them, in `.scores/`.
 */
export function createHoldouts(holdouts: BlobStore): HoldoutStore & HoldoutFiles {
  return {
    recordsOf,
    digestOf: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    writeHoldout: (key, blob, bytes) => holdouts.createOnly(`${modelPath(key)}/${blob}`, bytes, 'text/csv'),
    async readHoldout(key, blob, mostRows) {
      const found = await holdouts.stream(`${modelPath(key)}/${blob}`)
      if (found.kind !== 'found') return { kind: 'missing' }
      const sample = await sampleOf(found.content, mostRows).catch(unreadable)
      return typeof sample === 'string'
        ? { kind: 'unfit', reason: sample }
        : { kind: 'found', etag: found.facts.etag, ...sample }
    },
    async readScores(key) {
      const bytes = await holdouts.read(scoresName(key), mostScoreBytes)
      return bytes && scores.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data
    },
    async writeScores(key, value) {
      const text = new TextEncoder().encode(JSON.stringify(value))
      await holdouts.put(scoresName(key), text, 'application/json')
    },
    removeScores: (key) => holdouts.remove(scoresName(key)),
  }
}

/** A file's records, unquoted, in pieces that keep the time between two of them short. */
async function* recordsOf(bytes: Uint8Array): AsyncGenerator<string[] | { unfit: string }> {
  if (!isUtf8(bytes) || bytes.includes(0)) {
    yield { unfit: 'it is no text in UTF-8' }
    return
  }
  try {
    for await (const record of readRecords(piecesOf(bytes), longestRecord)) yield parseRecord(record)
  } catch (error) {
    yield { unfit: unreadable(error) }
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes)
}

function scoresName(key: RunKey): string {
  return `${modelPath(key)}/.scores/${paddedGeneration(key.generation)}.json`
}

/**
 * A sample of the records, each as likely as any other, the same for the same content; in the order of the file. Answers why
 * there is none. Source: reservoir sampling, algorithm R (Vitter 1985).
 */
async function sampleOf(
  content: AsyncIterable<Uint8Array>,
  mostRows: number,
): Promise<{ seen: number; rows: ScoringRow[] } | string> {
  const random = createSeededRandom(seed)
  const kept: { at: number; record: string }[] = []
  let names: string[] | undefined
  let [seen, characters] = [0, 0]
  for await (const record of readRecords(content, longestRecord)) {
    if (names === undefined) {
      names = parseRecord(record)
      continue
    }
    const place = seen < mostRows ? seen : Math.floor(random() * (seen + 1))
    seen++
    if (place >= mostRows) continue
    characters += record.length - (kept[place]?.record.length ?? 0)
    if (characters > mostSampleCharacters) return 'the rows to score are too large'
    kept[place] = { at: seen, record }
  }
  return rowsOf(
    names ?? [],
    kept.sort((one, other) => one.at - other.at),
    seen,
  )
}

/** A record that is too long is the file's fault; everything else may pass. */
function unreadable(error: unknown): string {
  if (error instanceof LongRecord) return error.message
  throw error
}

function rowsOf(
  names: readonly string[],
  kept: readonly { at: number; record: string }[],
  seen: number,
): { seen: number; rows: ScoringRow[] } | string {
  const rows: ScoringRow[] = []
  for (const { at, record } of kept) {
    const cells = parseRecord(record)
    if (cells.length !== names.length)
      return `row ${at} has ${cells.length} columns, the header ${names.length}`
    rows.push(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])))
  }
  return { seen, rows }
}
