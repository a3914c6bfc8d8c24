import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { Secret } from '../lib/secret.ts'
import { TerminalError } from '../retraining/errors.ts'
import type { Vault } from './keyVault.ts'

/** Resolves references to secrets (`env:NAME`, `file:NAME`, `keyvault:NAME`) when they are used. */
export type Secrets = {
  /**
   * The secret behind a reference; answers of the last five minutes are used again, unless `again` says that this one was
   * refused. Throws TerminalError, with the reference and never a value, when there is none.
   */
  resolve(reference: string, options?: { again?: boolean }): Promise<Secret>
  /** Every value resolved so far, for {@link createRedact}. */
  live(): string[]
}

/** Where secrets are: the environment, the JSON file of the setting `SECRETS_FILE`, the Key Vault of `KEY_VAULT_URI`. */
export type SecretsOptions = {
  env: Readonly<Record<string, string | undefined>>
  secretsFile?: string | undefined
  vault?: Vault | undefined
  now(): number
}

type Cached = { secret: Secret; untilMs: number }

const cacheMs = 5 * 60_000
const secretsByName = z.record(z.string(), z.string())

/** Secrets by reference, cached for five minutes. */
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
  const { value, otherwise } = await sources[scheme as keyof typeof sources](options, name, reference)
  const trimmed = value?.trim() ?? ''
  if (trimmed === '') throw refused(reference, otherwise)
  return trimmed
}

/** What a source has under a name, and what to say where it has nothing. */
type Found = { value: string | undefined; otherwise: string }

const sources = {
  async env({ env }: SecretsOptions, name: string): Promise<Found> {
    return { value: env[name], otherwise: 'the setting is missing' }
  },
  async file(options: SecretsOptions, name: string, reference: string): Promise<Found> {
    const secrets = await readSecretsFile(options, reference)
    return { value: secrets.get(name), otherwise: 'the secrets file has none of this name' }
  },
  async keyvault({ vault }: SecretsOptions, name: string, reference: string): Promise<Found> {
    if (vault === undefined) throw refused(reference, 'KEY_VAULT_URI is not set')
    if (!/^[A-Za-z0-9-]{1,127}$/.test(name)) {
      throw refused(reference, 'names of Key Vault are letters, digits and hyphens, 127 at most')
    }
    return { value: await vault.read(name), otherwise: 'Key Vault has none of this name' }
  },
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
