import { TerminalError } from '../retraining/errors.ts'
import type { HiddenKey, SecretStore } from '../retraining/predictiveServices.ts'
import type { Vault } from './keyVault.ts'
import { writeFileSecret } from './secretFile.ts'
import type { Secrets } from './secrets.ts'

/** Where keys are kept: `kind` names it; where absent a vault goes before a file. */
export type SecretStoreOptions = {
  kind?: 'file' | 'keyvault' | undefined
  secretsFile?: string | undefined
  vault?: Vault | undefined
  secrets: Pick<Secrets, 'resolve'>
}

/**
 * Keeps keys where the app may write: Key Vault (as its identity), or the secrets file. A key that is there already is not
 * written again, so that the vault keeps no versions of the same. Throws TerminalError when neither is configured.
 */
export function createSecretStore({ kind, secretsFile, vault, secrets }: SecretStoreOptions): SecretStore {
  const write = chooseWriter({ kind, secretsFile, vault })
  let last: Promise<unknown> = Promise.resolve()
  return {
    storeSecret(name, key) {
      // One after the other: within a process nobody has to wait for the lock file.
      const stored = last.then(() => store(name, key))
      last = stored.catch(() => undefined)
      return stored
    },
  }

  async function store(name: string, key: HiddenKey): Promise<string> {
    if (write === undefined) {
      throw new TerminalError('Cannot keep a key: neither KEY_VAULT_URI nor SECRETS_FILE is set')
    }
    const reference = await write(name, key.reveal())
    // Also makes it known to the one function that cuts secrets out of texts.
    await secrets.resolve(reference, { again: true })
    return reference
  }
}

type Writer = (name: string, value: string) => Promise<string>

function chooseWriter({ kind, secretsFile, vault }: Omit<SecretStoreOptions, 'secrets'>): Writer | undefined {
  if (vault !== undefined && kind !== 'file') {
    return async (name, value) => {
      if ((await vault.read(name)) !== value) await vault.write(name, value)
      return `keyvault:${name}`
    }
  }
  if (secretsFile === undefined || kind === 'keyvault') return undefined
  return async (name, value) => {
    await writeFileSecret(secretsFile, name, value)
    return `file:${name}`
  }
}
