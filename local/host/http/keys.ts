import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AuthLevel, FunctionDefinition } from '../invocation/functionDefinition.ts'
import type { StateBlobs } from '../storage/stateBlobs.ts'

/** The keys of a host: `system` is the one of the blob webhook, `byFunction` those of single functions. Secrets: never logged. */
export type HostKeys = {
  master: string
  host: string[]
  system: string
  byFunction: ReadonlyMap<string, string[]>
}

type StoredKey = { name: string; value: string; encrypted: boolean }

const systemKeyName = 'blobs_extension'

/**
 * Reads the keys of a host from `azure-webjobs-secrets/{hostId}/host.json` and `{function}.json`, making what is missing.
 * Source: functions-host.md 2.5.
 */
export async function loadKeys(
  secrets: StateBlobs,
  hostId: string,
  functions: readonly FunctionDefinition[],
): Promise<HostKeys> {
  const host = await readOrMake(secrets, `${hostId}/host.json`, () => ({
    masterKey: newKey('master'),
    functionKeys: [newKey('default')],
    systemKeys: [newKey(systemKeyName)],
  }))
  const byFunction = new Map<string, string[]>()
  for (const { name, trigger } of functions) {
    if (trigger.kind !== 'http' || trigger.authLevel === 'anonymous') continue
    const own = await readOrMake(secrets, `${hostId}/${name.toLowerCase()}.json`, () => ({
      keys: [newKey('default')],
    }))
    byFunction.set(
      name,
      own.keys.map(({ value }) => value),
    )
  }
  const system = host.systemKeys.find(({ name }) => name === systemKeyName)
  if (system === undefined)
    throw new Error(`Cannot read the host's keys: there is no system key ${systemKeyName}`)
  const { masterKey, functionKeys } = host
  return {
    master: masterKey.value,
    host: functionKeys.map(({ value }) => value),
    system: system.value,
    byFunction,
  }
}

async function readOrMake<Shape>(secrets: StateBlobs, name: string, make: () => Shape): Promise<Shape> {
  const found = await secrets.read(name)
  if (found !== undefined && found.text !== '') return JSON.parse(found.text)
  const made = make()
  await secrets.write(name, JSON.stringify(made))
  return made
}

function newKey(name: string): StoredKey {
  return { name, value: randomBytes(40).toString('base64url'), encrypted: false }
}

/** Whether `key` opens a function: `function` takes its own, a host or the master key, `admin` the master key only. Pure. */
export function isAllowed(
  keys: HostKeys,
  functionName: string,
  level: AuthLevel,
  key: string | undefined,
): boolean {
  if (level === 'anonymous') return true
  if (key === undefined) return false
  const accepted = level === 'admin' ? [] : [...keys.host, ...(keys.byFunction.get(functionName) ?? [])]
  return [keys.master, ...accepted].some((known) => isSame(known, key))
}

/** Whether two keys are the same, in a time that doesn't say where they differ. Pure. */
export function isSame(known: string, given: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(known), hash(given))
}

/** The key of a request: the header before the query. Pure. */
export function keyOf(headers: NodeJS.Dict<string | string[]>, query: URLSearchParams): string | undefined {
  const header = headers['x-functions-key']
  return (Array.isArray(header) ? header[0] : header) ?? query.get('code') ?? undefined
}
