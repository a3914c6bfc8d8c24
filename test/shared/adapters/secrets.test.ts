import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSecrets } from '../../../shared/adapters/secrets.ts'
import { TerminalError } from '../../../shared/retraining/errors.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function secretsFile(text: string, mode = 0o600): Promise<string> {
  const path = join(folder, `${Math.random()}.json`)
  await writeFile(path, text)
  await chmod(path, mode)
  return path
}

function onClock(options: { env?: Record<string, string>; secretsFile?: string }) {
  const clock = { nowMs: 0 }
  const env: Record<string, string> = { ...options.env }
  return { clock, env, secrets: createSecrets({ ...options, env, now: () => clock.nowMs }) }
}

function onVault(values: Record<string, string>) {
  const vault = {
    asked: [] as string[],
    write: async () => undefined,
    async read(name: string) {
      vault.asked.push(name)
      return values[name]
    },
  }
  return { vault, secrets: createSecrets({ env: {}, vault, now: () => 0 }) }
}

test('env:NAME is the setting of that name, trimmed', async () => {
  const { secrets } = onClock({ env: { ACME_KEY: ' geheim-1\n' } })
  expect((await secrets.resolve('env:ACME_KEY')).reveal()).toBe('geheim-1')
})

test('file:NAME is a member of the secrets file', async () => {
  const { secrets } = onClock({ secretsFile: await secretsFile('{"acme.training": "geheim-2"}') })
  expect((await secrets.resolve('file:acme.training')).reveal()).toBe('geheim-2')
})

test('keyvault:NAME is a secret of the vault, asked for again when it was refused', async () => {
  const { secrets, vault } = onVault({ 'contoso-census': 'geheim-3\n' })
  expect((await secrets.resolve('keyvault:contoso-census')).reveal()).toBe('geheim-3')
  await secrets.resolve('keyvault:contoso-census')
  expect(vault.asked).toEqual(['contoso-census'])
  await secrets.resolve('keyvault:contoso-census', { again: true })
  expect(vault.asked).toHaveLength(2)
})

test.each([
  ['contoso-none', 'Key Vault has none of this name'],
  ['contoso_census', 'names of Key Vault are letters, digits and hyphens, 127 at most'],
])('keyvault:%s is refused: %s', async (name, reason) => {
  const refused = onVault({}).secrets.resolve(`keyvault:${name}`)
  await expect(refused).rejects.toThrow(`Cannot resolve the secret keyvault:${name}: ${reason}`)
  await expect(refused).rejects.toBeInstanceOf(TerminalError)
})

test('an answer is used again for five minutes', async () => {
  const { clock, env, secrets } = onClock({ env: { KEY: 'old-key-1' } })
  await secrets.resolve('env:KEY')
  env.KEY = 'new-key-2'
  clock.nowMs = 299_999
  expect((await secrets.resolve('env:KEY')).reveal()).toBe('old-key-1')
  clock.nowMs = 300_000
  expect((await secrets.resolve('env:KEY')).reveal()).toBe('new-key-2')
})

test('a refused key is resolved again at once, and the file is read anew', async () => {
  const path = await secretsFile('{"key": "old-key-1"}')
  const { secrets } = onClock({ secretsFile: path })
  await secrets.resolve('file:key')
  await writeFile(path, '{"key": "new-key-2"}')
  expect((await secrets.resolve('file:key', { again: true })).reveal()).toBe('new-key-2')
  expect((await secrets.resolve('file:key')).reveal()).toBe('new-key-2')
  expect(secrets.live()).toEqual(['old-key-1', 'new-key-2'])
})

test('a secrets file that others may read is refused', async () => {
  for (const mode of [0o640, 0o604, 0o644, 0o660]) {
    const { secrets } = onClock({ secretsFile: await secretsFile('{"key": "geheim"}', mode) })
    await expect(secrets.resolve('file:key')).rejects.toThrow(
      'Cannot resolve the secret file:key: others may read the file of SECRETS_FILE: its mode has to be 0600',
    )
  }
})

const refused: [when: string, reference: string, file: string | undefined, reason: RegExp][] = [
  [
    'the setting is missing',
    'env:NONE',
    undefined,
    /^Cannot resolve the secret env:NONE: the setting is missing$/,
  ],
  ['the setting is empty', 'env:EMPTY', undefined, /the setting is missing$/],
  ['there is no file', 'file:key', undefined, /SECRETS_FILE is not set$/],
  [
    'the name is not in the file',
    'file:other',
    '{"key": "geheim"}',
    /the secrets file has none of this name$/,
  ],
  ['the name is one of every object', 'file:constructor', '{"key": "geheim"}', /none of this name$/],
  [
    'the file is no JSON',
    'file:key',
    'geheim {',
    /^[^{]*the file of SECRETS_FILE is no JSON object of texts$/,
  ],
  ['the file holds no texts', 'file:key', '{"key": {"a": "geheim"}}', /is no JSON object of texts$/],
  [
    'Key Vault',
    'keyvault:acme',
    undefined,
    /^Cannot resolve the secret keyvault:acme: KEY_VAULT_URI is not set$/,
  ],
  ['no scheme', 'geheim-key', undefined, /^Cannot resolve a secret: its reference is none of env:NAME, /],
  ['another scheme', 'https://geheim', undefined, /^Cannot resolve a secret: its reference is none of/],
]
test.each(refused)('resolve refuses, without a value: %s', async (_when, reference, file, reason) => {
  const path = file === undefined ? {} : { secretsFile: await secretsFile(file) }
  const { secrets } = onClock({ env: { EMPTY: ' ' }, ...path })
  const error = await secrets.resolve(reference).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TerminalError)
  expect((error as Error).message).toMatch(reason)
  expect((error as Error).message).not.toContain('geheim')
})

test('a missing secrets file is said to be missing', async () => {
  const { secrets } = onClock({ secretsFile: join(folder, 'none.json') })
  await expect(secrets.resolve('file:key')).rejects.toThrow(/the file of SECRETS_FILE is missing$/)
})
