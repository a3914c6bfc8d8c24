import { expect, test } from 'vitest'
import { readSecret, type VaultClient } from '../../../shared/adapters/keyVault.ts'
import { RetryableError } from '../../../shared/retraining/errors.ts'

const answering = (secret: { value?: string }): Pick<VaultClient, 'getSecret'> => ({
  getSecret: async () => secret,
})
const failing = (statusCode: number, code: string): Pick<VaultClient, 'getSecret'> => ({
  async getSecret() {
    throw Object.assign(new Error('https://v.vault.azure.net/secrets/acme?api-version=7 geheim'), {
      name: 'RestError',
      statusCode,
      code,
    })
  },
})

test('the newest version is read', async () => {
  expect(await readSecret(answering({ value: 'geheim' }), 'acme')).toBe('geheim')
})

test('a secret that is not there is no error', async () => {
  expect(await readSecret(failing(404, 'SecretNotFound'), 'acme')).toBeUndefined()
})

test('a busy vault is asked again later', async () => {
  await expect(readSecret(failing(429, 'Throttled'), 'acme')).rejects.toBeInstanceOf(RetryableError)
})

test('a refusal names the secret and the code, not the address', async () => {
  await expect(readSecret(failing(403, 'Forbidden'), 'acme')).rejects.toThrow(
    /^Cannot read secret acme of Key Vault: 403 Forbidden$/,
  )
})
