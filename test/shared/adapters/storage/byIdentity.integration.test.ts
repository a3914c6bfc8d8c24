import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const azurite = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js')
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: storage by identity, since there is no openssl to make a certificate')

/** Tokens are taken over https only: an Azurite with a certificate of its own, in memory. */
let folder: string
let service: ChildProcess
let addresses: string[]
const certificate = () => join(folder, 'cert.pem')
const key = () => join(folder, 'key.pem')

beforeAll(async () => {
  if (!hasOpenssl) return
  folder = mkdtempSync(join(tmpdir(), 'identity-'))
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-keyout', key(), '-out', certificate(), '-days', '2']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...names], {
    stdio: 'ignore',
  })
  const oauth = ['--oauth', 'basic', '--cert', certificate(), '--key', key()]
  const ports = ['--blobPort', '0', '--queuePort', '0', '--tablePort', '0']
  const others = ['--silent', '--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry']
  service = spawn(process.execPath, [azurite, ...oauth, ...ports, ...others])
  addresses = await readAddresses(service)
})

afterAll(() => {
  if (!hasOpenssl) return
  service.kill('SIGTERM')
  rmSync(folder, { recursive: true })
})

/** Azurite says where each service listens: blobs, queues, tables. */
function readAddresses({ stdout }: ChildProcess): Promise<string[]> {
  return new Promise((resolve) => {
    let printed = ''
    stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const found = ['Blob', 'Queue', 'Table'].map(
        (name) =>
          new RegExp(`Azurite ${name} service is successfully listen\\w* at (\\S+)`).exec(printed)?.[1],
      )
      if (!found.includes(undefined)) resolve(found.map((address) => `${address}/devstoreaccount1`))
    })
  })
}

test.skipIf(!hasOpenssl)(
  'blobs, queues and tables are used by identity, and a user-delegation key signs reading of one blob',
  () => {
    const script = join(import.meta.dirname, 'identity', 'callByIdentity.ts')
    const child = spawnSync(process.execPath, [script, ...addresses], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate() },
      encoding: 'utf8',
      timeout: 150_000,
    })
    expect(child.stderr.replace(/^\(.*\n/gm, '')).toBe('')
    expect(JSON.parse(child.stdout)).toEqual({
      read: [200, 'a,b\n1,2\n'],
      written: 403,
      other: 403,
      expired: 403,
      messages: 1,
      inserted: 'inserted',
      cells: { number: 1 },
    })
  },
)
