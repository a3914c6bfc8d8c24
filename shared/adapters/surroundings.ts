import type { Config } from '../config.ts'
import { readHostFacts } from './hostFacts.ts'
import type { Vault } from './keyVault.ts'
import { removeFileSecret } from './secretFile.ts'
import type { Secrets } from './secrets.ts'
import { type AccountFacts, createAccountFacts } from './storage/accountFacts.ts'
import type { StorageConnection } from './storage/connection.ts'

/** What the app can tell of where it runs, beside its own stores: for `health`. */
export type Surroundings = AccountFacts & {
  readHost(): ReturnType<typeof readHostFacts>
  /** Resolves a reference to a secret and throws the value away; throws TerminalError where there is none. */
  tryReference(reference: string): Promise<void>
  /** The secret behind a reference, for the one answer that hands it out. */
  revealSecret(reference: string): Promise<string>
  /** Removes a secret that the app keeps; what others keep (`env:`) stays. */
  removeSecret(reference: string): Promise<'removed' | 'kept'>
}

/** The queues that triggers read, by their names in the account. */
const queues = [
  'start-requests',
  'training-jobs',
  'endpoint-updates',
  'training-data-events',
  'webjobs-blobtrigger',
]

/** Facts of the machine, the settings, the account and the secrets' references. */
export function createSurroundings(from: {
  config: Config
  env: Readonly<Record<string, string | undefined>>
  storage: StorageConnection
  secrets: Secrets
  vault: Vault | undefined
}): Surroundings {
  return {
    ...createAccountFacts(from.storage, { container: 'training-data', queues }),
    readHost: () => readHostFacts(from.config, from.env),
    async tryReference(reference) {
      await from.secrets.resolve(reference)
    },
    revealSecret: async (reference) => (await from.secrets.resolve(reference)).reveal(),
    removeSecret: (reference) => removeSecret(from, reference),
  }
}

async function removeSecret(
  { config, vault }: { config: Config; vault: Vault | undefined },
  reference: string,
): Promise<'removed' | 'kept'> {
  const [, scheme, name = ''] = /^(file|keyvault):(.+)$/.exec(reference) ?? []
  if (scheme === 'file' && config.SECRETS_FILE !== undefined) {
    return (await removeFileSecret(config.SECRETS_FILE, name)) === 'removed' ? 'removed' : 'kept'
  }
  if (scheme === 'keyvault') return (await vault?.remove?.(name)) === 'removed' ? 'removed' : 'kept'
  return 'kept'
}
