import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new subscription key: 32 hexadecimal digits, as API Management's. */
export function newKey(): string {
  return randomBytes(16).toString('hex')
}

/** What is kept of a key: its SHA-256, hexadecimal. */
export function hashKey(key: string): string {
  return hash('sha256', key)
}

/** Whether two hashes are the same; takes as long for every wrong one. */
export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
