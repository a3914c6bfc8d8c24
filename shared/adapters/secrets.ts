import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { Secret } from '../lib/secret.ts'
import { TerminalError } from '../retraining/errors.ts'

/** Resolves references to secrets (`env:NAME`, `file:NAME`) when they are used. */
export type Secrets = {
  /**
   * The secret behind a reference; answers of the last five minutes are used again, unless `again` says that this one was
   * refused. Throws TerminalError, with the reference and never a value, when there is none.
   */
  resolve(reference: string, options?: { again?: boolean }): Promise<Secret>
  /** Every value resolved so far, for {@link createRedact}. */
  live(): string[]
}

/** Where secrets are: the environment, and the JSON file of the setting `SECRETS_FILE`. */
export type SecretsOptions = {
  env: Readonly<Record<string, string | undefined>>
  secretsFile?: string | undefined
  now(): number
}

type Cached = { secret: Secret; untilMs: number }

const cacheMs = 5 * 60_000
const secretsByName = z.record(z.string(), z.string())

/** Secrets by reference, cached for five minutes. `keyvault:NAME` needs the support for deployed apps and is refused here. */
export function createSecrets(options: SecretsOptions): Secrets {
  const cache = new Map<string, Cached>()
  const seen = new Set<string>()
  return {
    async resolve(reference, { again = false } = {}) {
      const cached = cache.get(reference)
      if (cached !== undefined && !again && options.now() < cached.untilMs) return cached.secret
      const value = await read(options, reference)
      const secret = new Secret(value)
      cache.set(reference, { secret, untilMs: options.now() + cacheMs })
      seen.add(value)
      return secret
    },
    live: () => [...seen],
  }
}

async function read(options: SecretsOptions, reference: string): Promise<string> {
  const [, scheme, name] = /^(env|file|keyvault):(\w[\w.-]*)$/.exec(reference) ?? []
  if (scheme === undefined || name === undefined) {
    throw new TerminalError(
      'Cannot resolve a secret: its reference is none of env:NAME, file:NAME, keyvault:NAME',
    )
  }
  if (scheme === 'keyvault') throw refused(reference, 'Key Vault is not available here')
  const value = scheme === 'env' ? options.env[name] : (await readSecretsFile(options, reference)).get(name)
  const trimmed = value?.trim() ?? ''
  if (trimmed === '') {
    throw refused(
      reference,
      scheme === 'env' ? 'the setting is missing' : 'the secrets file has none of this name',
    )
  }
  return trimmed
}

/** Read anew each time, so that a changed key is found without a restart. */
async function readSecretsFile(options: SecretsOptions, reference: string): Promise<Map<string, string>> {
  const { secretsFile } = options
  if (secretsFile === undefined) throw refused(reference, 'SECRETS_FILE is not set')
  const facts = await stat(secretsFile).catch(() => {
    throw refused(reference, 'the file of SECRETS_FILE is missing')
  })
  if ((facts.mode & 0o077) !== 0 && process.platform !== 'win32') {
    throw refused(reference, 'others may read the file of SECRETS_FILE: its mode has to be 0600')
  }
  return parseSecrets(await readFile(secretsFile, 'utf8'), reference)
}

/** Without a cause: a parser's message repeats what it read. */
function parseSecrets(text: string, reference: string): Map<string, string> {
  try {
    return new Map(Object.entries(secretsByName.parse(JSON.parse(text))))
  } catch {
    throw refused(reference, 'the file of SECRETS_FILE is no JSON object of texts')
  }
}

function refused(reference: string, reason: string): TerminalError {
  return new TerminalError(`Cannot resolve the secret ${reference}: ${reason}`)
}
