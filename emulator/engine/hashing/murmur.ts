const c1 = 0xcc9e2d51
const c2 = 0x1b873593

const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))

/** MurmurHash3_x86_32 of `bytes`, unsigned. Source: A. Appleby, MurmurHash3.cpp (public domain). */
export function murmur3(bytes: Uint8Array, seed: number): number {
  const blocks = bytes.length & ~3
  const at = (index: number) => bytes[index] ?? 0
  let hash = seed | 0
  for (let i = 0; i < blocks; i += 4) {
    hash ^= scramble(at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24))
    hash = (Math.imul(rotate(hash, 13), 5) + 0xe6546b64) | 0
  }
  if (bytes.length > blocks) hash ^= scramble(at(blocks) | (at(blocks + 1) << 8) | (at(blocks + 2) << 16))
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function scramble(block: number): number {
  return Math.imul(rotate(Math.imul(block, c1), 15), c2)
}
