import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { writeSecret } from '../../../shared/adapters/keyVault.ts'
import { createSecretStore } from '../../../shared/adapters/secretStore.ts'
import { createSecrets } from '../../../shared/adapters/secrets.ts'
import { Secret } from '../../../shared/lib/secret.ts'

let folder: string
let secretsFile: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-store-'))
  secretsFile = join(folder, 'secrets.json')
})
afterEach(() => rm(folder, { recursive: true }))

const fileStore = () => {
  const secrets = createSecrets({ env: {}, secretsFile, now: () => 0 })
  return { secrets, ...createSecretStore({ secretsFile, secrets }) }
}

describe('the secrets file', () => {
  test('gets the key, is read by its reference, and is its owner’s only', async () => {
    const store = fileStore()
    expect(await store.storeSecret('endpoint-contoso', new Secret('geheim-1'))).toBe('file:endpoint-contoso')
    expect((await store.secrets.resolve('file:endpoint-contoso')).reveal()).toBe('geheim-1')
    expect((await stat(secretsFile)).mode & 0o777).toBe(0o600)
    expect(store.secrets.live()).toContain('geheim-1')
  })

  test('keeps the secrets of other hands', async () => {
    await writeFile(secretsFile, '{"other":"theirs"}', { mode: 0o600 })
    await fileStore().storeSecret('mine', new Secret('geheim-2'))
    expect(JSON.parse(await readFile(secretsFile, 'utf8'))).toEqual({ other: 'theirs', mine: 'geheim-2' })
  })

  async function loseNothing(): Promise<void> {
    const stores = [fileStore(), fileStore(), fileStore()]
    const names = Array.from({ length: 30 }, (_, i) => `key-${i}`)
    await Promise.all(names.map((name, i) => stores[i % 3]?.storeSecret(name, new Secret(`value-${name}`))))
    const kept = JSON.parse(await readFile(secretsFile, 'utf8'))
    expect(Object.keys(kept).sort()).toEqual([...names].sort())
    expect(await readdir(folder)).toEqual(['secrets.json'])
  }

  test('loses nothing when several processes write at once', loseNothing)

  test('loses nothing either when the clock of this machine is far ahead of the file system’s', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2100, 0, 1) })
    onTestFinished(() => void vi.useRealTimers())
    await loseNothing()
  })

  test('is not written again with what it has', async () => {
    await fileStore().storeSecret('mine', new Secret('geheim-3'))
    const before = (await stat(secretsFile)).ino
    await fileStore().storeSecret('mine', new Secret('geheim-3'))
    expect((await stat(secretsFile)).ino).toBe(before)
  })

  test('opens a lock that a dead process left behind', async () => {
    await writeFile(`${secretsFile}.lock`, '')
    const longAgo = new Date('2026-01-01T00:00:00Z')
    await utimes(`${secretsFile}.lock`, longAgo, longAgo)
    await fileStore().storeSecret('mine', new Secret('geheim-4'))
    expect(await readdir(folder)).toEqual(['secrets.json'])
  })

  test('that is damaged is refused and left as it is', async () => {
    await writeFile(secretsFile, 'geheim: not JSON')
    await chmod(secretsFile, 0o600)
    const failure = fileStore().storeSecret('mine', new Secret('geheim-5'))
    await expect(failure).rejects.toThrow(/^[^{]*SECRETS_FILE is no JSON object of texts$/)
    expect(await readFile(secretsFile, 'utf8')).toBe('geheim: not JSON')
  })
})

describe('the vault', () => {
  const vaultOf = (kept: Record<string, string>) => {
    const written: string[] = []
    const vault = {
      read: async (name: string) => kept[name],
      write: async (name: string, value: string) => {
        written.push(name)
        kept[name] = value
      },
    }
    const secrets = createSecrets({ env: {}, vault, now: () => 0 })
    return { written, ...createSecretStore({ secretsFile, vault, secrets }), secrets }
  }

  test('goes before the file, and gets a key once', async () => {
    const store = vaultOf({})
    expect(await store.storeSecret('contoso', new Secret('geheim-6'))).toBe('keyvault:contoso')
    await store.storeSecret('contoso', new Secret('geheim-6'))
    expect(store.written).toEqual(['contoso'])
    expect((await store.secrets.resolve('keyvault:contoso')).reveal()).toBe('geheim-6')
  })

  test('gets a key that was changed', async () => {
    const store = vaultOf({ contoso: 'old' })
    await store.storeSecret('contoso', new Secret('geheim-7'))
    expect(store.written).toEqual(['contoso'])
  })

  test('that may only be read says what is missing', async () => {
    const setSecret = async () => {
      throw Object.assign(new Error('Forbidden'), { name: 'RestError', statusCode: 403, code: 'Forbidden' })
    }
    await expect(writeSecret({ setSecret }, 'contoso', 'geheim-8')).rejects.toThrow(
      'Cannot write secret contoso of Key Vault: the app may only read there (deploy with appWritesSecrets)',
    )
  })
})

test('without a place to keep it a key is refused', async () => {
  const secrets = createSecrets({ env: {}, now: () => 0 })
  await expect(createSecretStore({ secrets }).storeSecret('x', new Secret('y'))).rejects.toThrow(
    'Cannot keep a key: neither KEY_VAULT_URI nor SECRETS_FILE is set',
  )
})
