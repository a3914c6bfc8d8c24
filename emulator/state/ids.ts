import { randomBytes, randomUUID } from 'node:crypto'

/** A new id of a workspace, web service, endpoint or job: 32 lower-case hex digits. */
export function newId(): string {
  return randomUUID().replaceAll('-', '')
}

/** A new API key: 64 random bytes in base64, 88 characters. */
export function newKey(): string {
  return randomBytes(64).toString('base64')
}
