import { readFileSync } from 'node:fs'

type Environment = Readonly<Record<string, string | undefined>>

const freshMs = 5_000

/**
 * The keys that the gateway puts in the caller's place: `env:NAME` of its environment, `file:NAME` of the JSON file that
 * SECRETS_FILE names there (the local stack's), read again after 5 seconds. Undefined where there is none.
 */
export function createEndpointKeys(
  environment: Environment,
  now: () => number,
): (reference: string) => string | undefined {
  let known: { keys: Record<string, unknown>; readAtMs: number } | undefined
  return (reference) => {
    const [, scheme, name = ''] = /^(env|file):(.+)$/.exec(reference) ?? []
    if (scheme !== 'file') return environment[scheme === 'env' ? name : reference]
    if (known === undefined || now() - known.readAtMs > freshMs) {
      known = { keys: readKeys(environment.SECRETS_FILE), readAtMs: now() }
    }
    const key = known.keys[name]
    return typeof key === 'string' ? key : undefined
  }
}

/** A file that is not there, or is no JSON, holds no key: the call is refused, as without one. */
function readKeys(file: string | undefined): Record<string, unknown> {
  try {
    return file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}
