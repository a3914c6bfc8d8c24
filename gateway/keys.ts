import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new subscription key: 32 hexadecimal digits, as API Management's. */
export function newKey(): string {
  return randomBytes(16).toString('hex')
}

/** What is kept of a key: its SHA-256, hexadecimal. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** Whether a hash is one of the kept ones; takes as long for every wrong one. */
export function isSameHash(hash: string, kept: string): boolean {
  const [a, b] = [Buffer.from(hash), Buffer.from(kept)]
  return a.length === b.length && timingSafeEqual(a, b)
}
