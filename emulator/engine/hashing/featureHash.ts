import type { FeatureHashing } from '../../experiment.ts'
import { TrainingDataError } from '../errors.ts'
import { murmur3 } from './murmur.ts'

const ngramFactor = 27_942_141
const utf8 = new TextEncoder()

/**
 * Counts of the hashed words and n-grams of `text`: 2^bits numbers. Words are split on blanks, case-sensitive.
 * Source: Vowpal Wabbit 7.4-7.10 (text features, seed 0), which the Feature Hashing module embeds. Not verified
 * against the module: `|` and `:` (plain characters here), digits-only words (VW's rule), `ngrams` 0 (as 1).
 */
export function featureHash(text: string, bits: number, ngrams: number): number[] {
  checkHashing({ bits, ngrams })
  const counts = new Array<number>(2 ** bits).fill(0)
  forEachHash(text, ngrams, (hash) => {
    const slot = hash & (counts.length - 1)
    counts[slot] = (counts[slot] ?? 0) + 1
  })
  return counts
}

/** `featureHash` of every text: one row of 2^bits counts each. */
export function featureHashTable(texts: readonly string[], bits: number, ngrams: number): number[][] {
  return texts.map((text) => featureHash(text, bits, ngrams))
}

/** Name of a hashed column, 0-based. Source: the designer's successor module; likely, not proven, for classic. */
export function hashedColumnName(column: string, slot: number): string {
  return `${column}_HashingFeature.${slot}`
}

/** The same counts, sparse, as slot -> count in order of slot. */
export function hashSparsely(
  text: string,
  { bits, ngrams }: FeatureHashing,
): [slot: number, count: number][] {
  const counts = new Map<number, number>()
  const mask = 2 ** bits - 1
  forEachHash(text, ngrams, (hash) => {
    counts.set(hash & mask, (counts.get(hash & mask) ?? 0) + 1)
  })
  return [...counts].sort((a, b) => a[0] - b[0])
}

/** Throws unless 1 <= bits <= 16 (65,536 columns; the module's own cap is 100,000) and 0 <= ngrams <= 10. */
export function checkHashing({ bits, ngrams }: FeatureHashing): void {
  if (!Number.isInteger(bits) || bits < 1 || bits > 16) {
    throw new TrainingDataError(
      `Cannot hash text: the bitsize must be a whole number from 1 to 16, not ${bits}`,
    )
  }
  if (!Number.isInteger(ngrams) || ngrams < 0 || ngrams > 10) {
    throw new TrainingDataError(
      `Cannot hash text: N-grams must be a whole number from 0 to 10, not ${ngrams}`,
    )
  }
}

function forEachHash(text: string, ngrams: number, use: (hash: number) => void): void {
  const words = text.split(/[ \t\r\n]+/).filter((word) => word !== '')
  const hashes = words.map(hashWord)
  for (let first = 0; first < hashes.length; first++) {
    let hash = hashes[first] ?? 0
    use(hash)
    for (let last = first + 1; last < Math.min(first + ngrams, hashes.length); last++) {
      hash = (Math.imul(hash, ngramFactor) + (hashes[last] ?? 0)) | 0
      use(hash)
    }
  }
}

function hashWord(word: string): number {
  if (!/^[0-9]+$/.test(word)) return murmur3(utf8.encode(word), 0)
  let number = 0
  for (const digit of word) number = (Math.imul(number, 10) + Number(digit)) | 0
  return number
}
