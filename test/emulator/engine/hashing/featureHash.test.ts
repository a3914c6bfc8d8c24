import { expect, test } from 'vitest'
import { hashSparsely } from '../../../../emulator/engine/hashing/featureHash.ts'
import { murmur3 } from '../../../../emulator/engine/hashing/murmur.ts'
import { featureHash, featureHashTable, hashedColumnName } from '../../../../emulator/engine/index.ts'
import { bytesOf } from '../sampleData.ts'

const vectors: [text: string, ngrams: number, counts: number[]][] = [
  // The API Management guide's row.
  ['This is a good day', 2, [1, 1, 2, 2, 0, 2, 0, 1]],
  ['This is a good day', 1, [0, 1, 1, 0, 0, 2, 0, 1]],
  ['  This is\ta  good\nday ', 2, [1, 1, 2, 2, 0, 2, 0, 1]],
  ['this is a good day', 2, [0, 1, 2, 3, 0, 2, 1, 0]],
  ['', 2, [0, 0, 0, 0, 0, 0, 0, 0]],
]
test.each(vectors)('featureHash of "%s" with n-grams up to %d', (text, ngrams, counts) => {
  expect(featureHash(text, 3, ngrams)).toEqual(counts)
})

test('a word of digits hashes to its number', () => {
  expect(featureHash('13 4294967297', 3, 1)).toEqual([0, 1, 0, 0, 0, 1, 0, 0])
})

test('sparse and full counts agree, and n-grams 0 means words only', () => {
  const text = 'the quick brown fox jumps over the lazy dog and the dog'
  const full = featureHash(text, 6, 3)
  const sparse = hashSparsely(text, { bits: 6, ngrams: 3 })
  expect(sparse).toEqual([...full.entries()].filter(([, count]) => count > 0))
  expect(featureHash(text, 6, 0)).toEqual(featureHash(text, 6, 1))
  expect(featureHashTable([text, ''], 6, 3)).toEqual([full, featureHash('', 6, 3)])
  expect(hashedColumnName('Col2', 3)).toBe('Col2_HashingFeature.3')
})

const wrong: [bits: number, ngrams: number, message: string][] = [
  [0, 1, 'the bitsize must be a whole number from 1 to 16, not 0'],
  [17, 1, 'the bitsize must be a whole number from 1 to 16, not 17'],
  [3, 11, 'N-grams must be a whole number from 0 to 10, not 11'],
]
test.each(wrong)('refuses %d bits and n-grams of %d', (bits, ngrams, message) => {
  expect(() => featureHash('a', bits, ngrams)).toThrow(message)
})

// Source: the reference implementation's verification values, as its test suites list them.
const hashes: [text: string, seed: number, hash: number][] = [
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['abc', 0, 0xb3dd93fa],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
]
test.each(hashes)('murmur3 of "%s" with seed %d', (text, seed, hash) => {
  expect(murmur3(bytesOf(text), seed)).toBe(hash)
})
