import { randomUUID } from 'node:crypto'
import { chmod, link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { RetryableError, TerminalError } from '../retraining/errors.ts'

const secretsByName = z.record(z.string(), z.string())
const ownerOnly = 0o600

/** A lock older than this was left behind by a process that died: writing takes milliseconds. */
const staleLockMs = 10_000
const betweenTriesMs = 15
const longestWaitMs = 15_000

/**
 * Writes one secret into the JSON file of `SECRETS_FILE`, beside those that are there; one that is there already is not
 * written again. The file is replaced whole and readable by its owner only; a lock file keeps two processes apart.
 */
export async function writeFileSecret(path: string, name: string, value: string): Promise<void> {
  await withLock(`${path}.lock`, async () => {
    const secrets = await readSecrets(path)
    if (secrets[name] === value) return
    const text = `${JSON.stringify({ ...secrets, [name]: value }, null, 2)}\n`
    await replaceFile(path, text)
  })
}

/** Takes one secret out of the same file; `missing` when there is none of the name. */
export async function removeFileSecret(path: string, name: string): Promise<'removed' | 'missing'> {
  let outcome: 'removed' | 'missing' = 'missing'
  await withLock(`${path}.lock`, async () => {
    const { [name]: secret, ...others } = await readSecrets(path)
    if (secret === undefined) return
    await replaceFile(path, `${JSON.stringify(others, null, 2)}\n`)
    outcome = 'removed'
  })
  return outcome
}

async function readSecrets(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  // Without a cause: a parser's message repeats what it read.
  const found = secretsByName.safeParse(parse(text))
  if (found.success) return found.data
  throw new TerminalError('Cannot keep a secret: the file of SECRETS_FILE is no JSON object of texts')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** On disk before it takes the old one's place: a crash leaves one of the two, whole. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}.new`
  const file = await open(fresh, 'w', ownerOnly)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(fresh, ownerOnly)
  await rename(fresh, path)
}

async function withLock(lock: string, work: () => Promise<void>): Promise<void> {
  const endsAtMs = Date.now() + longestWaitMs
  while (!(await takeLock(lock))) {
    if (Date.now() > endsAtMs) throw new RetryableError('Cannot keep a secret: the secrets file stays locked')
    await delay(betweenTriesMs)
  }
  try {
    await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', ownerOnly)).close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const facts = await stat(lock).catch(() => undefined)
  if (facts !== undefined && (await isStale(lock, facts.mtimeMs))) await removeStale(lock)
  return false
}

/** What looks stale is compared with a file made now: the file system's clock may be another machine's, and far from ours. */
async function isStale(lock: string, mtimeMs: number): Promise<boolean> {
  if (Date.now() - mtimeMs <= staleLockMs) return false
  const probe = `${lock}.${randomUUID()}`
  await writeFile(probe, '')
  try {
    return (await stat(probe)).mtimeMs - mtimeMs > staleLockMs
  } finally {
    await rm(probe, { force: true })
  }
}

/**
 * Renamed first, so that of two that find it stale one takes it away. The other may then take a fresh one away by mistake: it
 * is put back. Should a third come in between, its secret may be overwritten: whoever stores one reads it back.
 */
async function removeStale(lock: string): Promise<void> {
  const away = `${lock}.${process.pid}.stale`
  try {
    await rename(lock, away)
    const { mtimeMs } = await stat(away)
    if (!(await isStale(lock, mtimeMs))) await link(away, lock)
    await rm(away, { force: true })
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
