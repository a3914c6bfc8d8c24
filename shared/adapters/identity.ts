import type { TokenCredential } from '@azure/identity'

/** Which identity the app calls Azure with, in the words of the Functions host's connections. */
export type IdentitySettings = {
  /** `managedidentity`: of the Function App. `workloadidentity`: of a pod, by its federated token. */
  kind: 'managedidentity' | 'workloadidentity'
  /** Of a user-assigned identity; without it the system-assigned one is meant. */
  clientId?: string | undefined
}

/**
 * The credential for storage and Key Vault; it asks for a token at its first call. The package is loaded here only, so that
 * an app with a connection string never pays for it. Source: functions-reference.md, "Configure an identity-based connection".
 */
export async function createCredential({ kind, clientId }: IdentitySettings): Promise<TokenCredential> {
  const { ManagedIdentityCredential, WorkloadIdentityCredential } = await import('@azure/identity')
  const options = clientId === undefined ? {} : { clientId }
  switch (kind) {
    case 'managedidentity':
      return new ManagedIdentityCredential(options)
    case 'workloadidentity':
      return new WorkloadIdentityCredential(options)
  }
}
